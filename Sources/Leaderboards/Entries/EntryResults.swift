import Diagnostics
public import Results
public import Studies

/// The results that entries point to; several may share one folder.
public struct EntryResults: Sendable {
  public let folder: String
  public let manifest: RunManifestV1
  /// In the order of the lines.
  public let records: [TrialRecordV1]
  public let study: Study
  public let settings: [BoardSetting]
  /// The digest of each file that is there, in hexadecimal, by its name.
  public let digests: [String: String]
  /// What the scenario makes; `nil` where it could not be planned.
  public let plan: EntryPlan?
  /// Why there is no plan; empty where there is.
  public let planningProblem: String
  /// The worst cases of all defenses, worked out once.
  let worstCases: [WorstCase]

  /// - Parameters:
  ///   - folder: Where `run.json`, `trials.jsonl` and `scenario.yaml` lie.
  ///   - facts: What the catalog knows.
  ///   - digest: SHA-256 of the file at a path; `nil` if it cannot be read.
  ///   - plan: What a scenario makes with some seeds.
  /// - Throws: What reading throws, and `malformed` for a line that breaks off.
  public init(
    folder: String, facts: MethodFacts, digest: (_ path: String) -> String?,
    plan: (_ scenario: String, _ seeds: [Int]) throws -> EntryPlan
  ) throws(ResultError) {
    self.folder = folder
    manifest = try ResultFolder.readManifest(folder)
    let log = try ResultFolder.readTrials(folder)
    let path = UserPath.joined(folder, ResultFolder.trialsName)
    if let line = log.tornLine {
      throw .malformed(path: path, line: line, reason: "the line breaks off")
    }
    records = log.records
    let names = Set(ResultFolder.fileNames).intersection(manifest.files.keys)
      .union([ResultFolder.manifestName, ResultFolder.trialsName, Entry.scenarioName])
    digests = names.reduce(into: [:]) { $0[$1] = digest(UserPath.joined(folder, $1)) }
    study = Study(manifest, ResultSet(manifest, log.latest), facts: facts)
    settings = BoardSetting.all(in: manifest.scenario.resolved)
    worstCases = study.worstCases()
    let scenario = UserPath.joined(folder, Entry.scenarioName)
    guard digests[Entry.scenarioName] != nil else {
      self.plan = nil
      planningProblem = "there is no \(Entry.scenarioName)"
      return
    }
    do {
      self.plan = try plan(scenario, Set(records.map(\.seed)).sorted())
      planningProblem = ""
    } catch {
      self.plan = nil
      planningProblem = "\(error)"
    }
  }

  /// Digest of `trials.jsonl`, in hexadecimal.
  public var trialsSHA256: String { digests[ResultFolder.trialsName] ?? "" }

  /// The lines of a defense, with their numbers from 1.
  func lines(of defense: String) -> [(number: Int, record: TrialRecordV1)] {
    zip(1..., records).filter { $1.defense == defense }.map { (number: $0, record: $1) }
  }
}
