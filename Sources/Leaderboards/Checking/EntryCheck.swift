import Diagnostics
public import Results
import Studies

/// An entry with its results, held against the rules.
public struct EntryCheck: Sendable {
  /// The folder of the entry, as the user wrote it.
  public let folder: String
  public let entry: Entry
  public let results: EntryResults
  public private(set) var findings: [EntryFinding] = []

  /// The findings that refuse it.
  public var errors: [EntryFinding] { findings.filter { $0.severity == .error } }

  /// What is known about it; for one without errors.
  public var status: EntryStatus {
    let valid = entry.recomputed.filter { $0.trialsSHA256 == results.trialsSHA256 }
    if valid.contains(where: { $0.agreed < $0.sampled }) { return .disputed }
    guard results.plan != nil else { return .selfReported }
    return valid.isEmpty ? .checked : .recomputed
  }

  /// - Parameters:
  ///   - folder: The folder of the entry.
  ///   - entry: What its file says.
  ///   - results: What it points to.
  ///   - ranges: The values that metrics can have.
  ///   - engine: The engine of this program.
  ///   - digest: SHA-256 of the file at a path.
  /// - Complexity: O(trials of the results).
  public init(
    folder: String, entry: Entry, results: EntryResults, ranges: MetricRanges, engine: Int,
    digest: (_ path: String) -> String?
  ) {
    self.folder = folder
    self.entry = entry
    self.results = results
    let entryPath = UserPath.joined(folder, Entry.fileName)
    let context = CheckContext(
      entryPath: entryPath,
      manifestPath: UserPath.joined(results.folder, ResultFolder.manifestName),
      trialsPath: UserPath.joined(results.folder, ResultFolder.trialsName), entry: entry,
      results: results, lines: results.lines(of: entry.defense))
    findings += context.texts()
    findings += context.manifest(engine: engine, digest: digest)
    findings += context.trials(ranges: ranges)
    findings += context.cells()
    findings += context.resolution()
    findings += context.commitment()
    findings += context.flags()
    findings += context.recomputations()
  }
}

/// What the rules look at.
struct CheckContext {
  let entryPath: String
  let manifestPath: String
  let trialsPath: String
  let entry: Entry
  let results: EntryResults
  /// The trials of the defense.
  let lines: [(number: Int, record: TrialRecordV1)]

  /// At most so many findings of one rule are told one by one.
  private static let most = 5

  /// The first few, and how many more there are.
  func limited(_ findings: [EntryFinding]) -> [EntryFinding] {
    guard findings.count > Self.most, var last = findings.prefix(Self.most).last else {
      return findings
    }
    last.message += ", and \(findings.count - Self.most) more like it"
    return Array(findings.prefix(Self.most - 1)) + [last]
  }

  func names(_ names: [String]) -> String {
    names.prefix(5).map { excerpt($0) }.joined(separator: ", ")
      + (names.count > 5 ? " and \(names.count - 5) more" : "")
  }
}
