import Diagnostics
import Results

extension CheckContext {
  /// S018, S022, S023.
  func verified() -> [EntryFinding] {
    var findings: [EntryFinding] = []
    if entry.claimsRecomputation {
      findings.append(
        EntryFinding(
          .claim, file: entryPath, place: "/recomputed",
          "is no word of the keeper's, and is ignored"
        ))
    }
    for record in records {
      if record.contentSHA256 != entrySHA256 {
        findings.append(
          EntryFinding(
            .stale, file: verifiedPath,
            "what was recorded of '\(excerpt(record.entry))' on \(excerpt(record.date)) is about "
              + (isDispute(record)
                ? "the same trials in another entry: they came out differently"
                : "other files, and does not count")))
      } else if let problem = shortcoming(record) {
        findings.append(
          EntryFinding(
            .weakRecord, file: verifiedPath,
            "what was recorded of '\(excerpt(record.entry))' on \(excerpt(record.date)) \(problem)")
        )
      }
    }
    return findings
  }

  /// Whether some of the entry's trials came out differently.
  func isDispute(_ record: VerifiedRecord) -> Bool {
    record.agreed < record.sampled && record.trialsSHA256 == results.trialsSHA256
  }

  /// Whether it makes the entry a recomputed one.
  func isProof(_ record: VerifiedRecord) -> Bool {
    record.contentSHA256 == entrySHA256 && record.agreed == record.sampled
      && shortcoming(record) == nil
  }

  /// Why a record of the very entry does not count; `nil` if it does.
  private func shortcoming(_ record: VerifiedRecord) -> String? {
    let finished = lines.count { $0.record.status == .ok }
    if record.engine != results.manifest.engine {
      return "is of engine \(record.engine), and the results are of \(results.manifest.engine)"
    }
    if record.total != finished {
      return "is drawn from \(record.total) trials, and \(finished) finished"
    }
    let least = VerifiedRecord.leastSample(of: finished)
    if record.sampled < least {
      return "is of \(record.sampled) of \(finished) trials, and \(least) are the least"
    }
    return nil
  }
}
