public import Diagnostics
import Foundation
public import Results
public import Studies

/// Reads and checks entries; results that several share are read once.
public struct EntryLoader {
  private let ranges: MetricRanges
  private let engine: Int
  private let facts: MethodFacts
  private let digest: (_ path: String) -> String?
  private let plan: (_ scenario: String, _ seeds: [Int]) throws -> EntryPlan
  private var cache: [String: Result<EntryResults, ResultError>] = [:]
  private var keepers: [String: Result<VerifiedFile, DocumentError>] = [:]

  /// - Parameters:
  ///   - ranges: The values that metrics can have.
  ///   - engine: The engine of this program.
  ///   - facts: What the catalog knows.
  ///   - digest: SHA-256 of the file at a path; `nil` if it cannot be read.
  ///   - plan: What a scenario makes with some seeds.
  public init(
    ranges: MetricRanges, engine: Int, facts: MethodFacts,
    digest: @escaping (_ path: String) -> String?,
    plan: @escaping (_ scenario: String, _ seeds: [Int]) throws -> EntryPlan
  ) {
    self.ranges = ranges
    self.engine = engine
    self.facts = facts
    self.digest = digest
    self.plan = plan
  }

  /// An entry that could not be checked, because a file is missing or broken.
  public struct Unreadable: Error {
    public var findings: [EntryFinding]

    init(findings: [EntryFinding]) { self.findings = findings }

    /// Each problem of a file as a finding of a rule.
    init(_ error: DocumentError, _ rule: EntryRule) {
      findings = error.problems.map { problem in
        let place = problem.position.map { position in
          "\(position.line)" + (position.column.map { ":\($0)" } ?? "")
        }
        return EntryFinding(rule, file: error.file, place: place ?? "", problem.message)
      }
    }
  }

  /// What the keeper of a folder of entries recorded, read once.
  ///
  /// - Throws: ``DocumentError`` for a file that is there and cannot be read.
  public mutating func keeper(of board: String) throws(DocumentError) -> VerifiedFile {
    let found =
      keepers[board] ?? Result { () throws(DocumentError) in try VerifiedFile(board: board) }
    keepers[board] = found
    return try found.get()
  }

  /// Checks the entry in a folder.
  ///
  /// - Throws: ``Unreadable`` with the findings of rules S001, S002 and S024.
  public mutating func check(_ folder: String) throws(Unreadable) -> EntryCheck {
    let path = UserPath.joined(folder, Entry.fileName)
    // A link would show a file of this machine as what somebody sent in.
    if (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil {
      throw Unreadable(
        findings: [EntryFinding(.unreadableEntry, file: path, "is a link, and a file is needed")])
    }
    let entry: Entry
    do throws(DocumentError) {
      entry = try Entry(path: path)
    } catch {
      throw Unreadable(error, .unreadableEntry)
    }
    let place = EntryPlace(folder)
    let records: [VerifiedRecord]
    do throws(DocumentError) {
      records = try keeper(of: place.board).records(of: place.name)
    } catch {
      throw Unreadable(error, .keeper)
    }
    let results = Self.normalized(folder, entry.results)
    if let place = Self.straying(folder, results) {
      throw Unreadable(
        findings: [
          EntryFinding(
            .unreadableResults, file: place, "is a link out of the folder that holds the entries")
        ])
    }
    switch cache[results] ?? read(results) {
    case .success(let found):
      return EntryCheck(
        folder: folder, entry: entry, results: found, ranges: ranges, engine: engine,
        records: records, digest: digest)
    case .failure(let error):
      throw Unreadable(
        findings: [EntryFinding(.unreadableResults, file: results, "\(error)")])
    }
  }

  /// The first file that links lead out of the folder that holds the entry; `nil` if there is none.
  ///
  /// What somebody else sent in shows nothing of the rest of the machine.
  private static func straying(_ folder: String, _ results: String) -> String? {
    func real(_ path: String) -> [String] {
      URL(fileURLWithPath: path).resolvingSymlinksInPath().standardizedFileURL.pathComponents
    }
    let base = real(EntryPlace(folder).board)
    let files = [ResultFolder.manifestName, ResultFolder.trialsName, Entry.scenarioName]
    let paths = [results] + files.map { UserPath.joined(results, $0) }
    return paths.first { !real($0).starts(with: base) }
  }

  private mutating func read(_ folder: String) -> Result<EntryResults, ResultError> {
    let result = Result { () throws(ResultError) in
      try EntryResults(folder: folder, facts: facts, digest: digest, plan: plan)
    }
    cache[folder] = result
    return result
  }

  /// The folder of results: beside the entry where the path starts with `..`, so that entries that
  /// share results have one path for them.
  static func normalized(_ folder: String, _ results: String) -> String {
    guard results.hasPrefix("../"), !UserPath.name(of: folder).isEmpty,
      ![".", ".."].contains(UserPath.name(of: folder))
    else { return UserPath.joined(folder, results) }
    return UserPath.joined(UserPath.folder(of: folder), String(results.dropFirst(3)))
  }
}
