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
  /// The digest of the entry's files, see ``EntryDigest``.
  public let sha256: String
  /// What the keeper of the board recorded of it, the oldest first.
  public let records: [VerifiedRecord]
  private let isDisputed: Bool
  private let isProven: Bool

  /// The findings that refuse it.
  public var errors: [EntryFinding] { findings.filter { $0.severity == .error } }

  /// What is known about it; for one without errors.
  public var status: EntryStatus {
    if isDisputed { return .disputed }
    guard results.plan != nil else { return .selfReported }
    return isProven ? .recomputed : .checked
  }

  /// - Parameters:
  ///   - folder: The folder of the entry.
  ///   - entry: What its file says.
  ///   - results: What it points to.
  ///   - ranges: The values that metrics can have.
  ///   - engine: The engine of this program.
  ///   - records: What the keeper of the board recorded of the entry.
  ///   - digest: SHA-256 of the file at a path.
  /// - Complexity: O(trials of the results).
  public init(
    folder: String, entry: Entry, results: EntryResults, ranges: MetricRanges, engine: Int,
    records: [VerifiedRecord] = [], digest: (_ path: String) -> String?
  ) {
    self.folder = folder
    self.entry = entry
    self.results = results
    let entryPath = UserPath.joined(folder, Entry.fileName)
    self.records = records
    // Of the results' files those that decide what the entry says.
    let names = [ResultFolder.manifestName, ResultFolder.trialsName, Entry.scenarioName]
    var files = results.digests.filter { names.contains($0.key) }
    files[Entry.fileName] = digest(entryPath)
    sha256 = EntryDigest.text(files)
    let context = CheckContext(
      entryPath: entryPath,
      verifiedPath: UserPath.joined(EntryPlace(folder).board, VerifiedFile.fileName),
      manifestPath: UserPath.joined(results.folder, ResultFolder.manifestName),
      trialsPath: UserPath.joined(results.folder, ResultFolder.trialsName), entry: entry,
      results: results, lines: results.lines(of: entry.defense), records: records,
      entrySHA256: sha256)
    isDisputed = records.contains(where: context.isDispute)
    isProven = records.contains(where: context.isProof)
    findings += context.texts()
    findings += context.manifest(engine: engine)
    findings += context.trials(ranges: ranges)
    findings += context.cells()
    findings += context.resolution()
    findings += context.commitment()
    findings += context.flags()
    findings += context.verified()
  }
}

/// What the rules look at.
struct CheckContext {
  let entryPath: String
  /// Where the keeper's records are, or would be.
  let verifiedPath: String
  let manifestPath: String
  let trialsPath: String
  let entry: Entry
  let results: EntryResults
  /// The trials of the defense.
  let lines: [(number: Int, record: TrialRecordV1)]
  let records: [VerifiedRecord]
  let entrySHA256: String

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
