import Diagnostics
import Results

extension CheckContext {
  /// S010, S011.
  func commitment() -> [EntryFinding] {
    var findings: [EntryFinding] = []
    let own = Set(
      lines.flatMap { $0.record.axes.keys }
        + results.settings.flatMap { $0.variants.flatMap(\.axes.keys) }
    ).filter(isOwnParameter).sorted()
    if !own.isEmpty {
      findings.append(
        EntryFinding(
          .committed, file: manifestPath, place: "/scenario/resolved",
          "the defense's own \(names(own)) \(own.count == 1 ? "is an axis" : "are axes") of the"
            + " scenario, so attacks meet different settings"))
    }
    for setting in results.settings {
      let uses = setting.uses(of: entry.defense)
      let texts = Set(uses.map { $0.map(CanonicalJSON.string) })
      guard texts.count > 1, own.isEmpty else { continue }
      let known = uses.compactMap(\.self)
      let difference =
        known.count == uses.count
        ? known.dropFirst().first { !Setting.isSame($0, known[0]) }
          .map { Setting.differences(known[0], $0) } ?? ""
        : "it is not a defense of every combination"
      findings.append(
        EntryFinding(
          .committed, file: manifestPath, place: "/scenario/resolved",
          "attacks meet different settings of '\(excerpt(entry.defense))': \(difference)"))
    }
    let hashes = results.contentHashes(of: entry)
    if hashes != entry.content {
      let found = hashes.map { $0.prefix(12) + "…" }.joined(separator: ", ")
      findings.append(
        EntryFinding(
          .content, file: entryPath, place: "/content",
          entry.content.isEmpty
            ? "is missing; it is \(found)"
            : "does not name what the results hold, \(found)"))
    }
    return findings
  }
}

extension EntryResults {
  /// The content hash of each row, sorted.
  func contentHashes(of entry: Entry) -> [String] {
    settings.compactMap { $0.contentHash(of: entry, engine: manifest.engine) }.sorted()
  }
}

extension BoardSetting {
  /// The content hash of an entry's row; `nil` where its defense is not in the setting.
  func contentHash(of entry: Entry, engine: Int) -> String? {
    uses(of: entry.defense).compactMap(\.self).first.map {
      ContentHash.text(defense: $0, engine: engine, setting: digest, workers: entry.workers)
    }
  }
}
