import Diagnostics
import Dispatch
import Foundation
import Gating
import Metrics
import Results
import Simulation
import Suite
import Synchronization

/// Reading the files of gate, baseline and compare, and what a run would find.
enum LoadedFiles {
  /// Reads a folder of results; a last line that breaks off is told and left out.
  static func results(_ folder: String) throws -> ResultSet {
    try requireResults(folder)
    let manifest = try ResultFolder.readManifest(folder)
    let (log, altered) = try read(folder, manifest)
    let trials = UserPath.joined(folder, ResultFolder.trialsName)
    try log.checkConsistency(trials)
    note(
      manifest.engine, of: "\(manifest.tool.name) \(manifest.tool.version)", in: folder,
      wayOn: "run the scenario again")
    if let line = log.tornLine {
      Console.note(
        "\(UserPath.joined(folder, ResultFolder.trialsName)):\(line): breaks off and is left out")
    }
    var results = ResultSet(manifest, log.records)
    results.warnings = alterations(altered, of: folder, manifest)
    for warning in results.warnings { Console.note(warning) }
    return results
  }

  /// The trials, and the files that were changed since their run: the digests of these take as long
  /// as reading does, so that both are done side by side.
  private static func read(
    _ folder: String, _ manifest: RunManifestV1
  ) throws(ResultError) -> (log: ResultFolder.TrialLog, altered: [String]) {
    let log = Mutex<Result<ResultFolder.TrialLog, ResultError>>(
      .failure(.unreadable(path: folder, reason: "nothing read it")))
    let altered = Mutex<[String]>([])
    DispatchQueue.concurrentPerform(iterations: 2) { job in
      if job == 0 {
        let found = Result { () throws(ResultError) in
          try ResultFolder.readTrials(folder, ranges: .builtIn)
        }
        log.withLock { $0 = found }
      } else {
        let found = ResultFolder.altered(in: folder, manifest, digest: RunInfo.fileDigest)
        altered.withLock { $0 = found }
      }
    }
    return (try log.withLock { $0 }.get(), altered.withLock { $0 })
  }

  /// What was changed since its run, or is marked as such.
  private static func alterations(
    _ now: [String], of folder: String, _ manifest: RunManifestV1
  ) -> [String] {
    func path(_ name: String) -> String { (folder as NSString).appendingPathComponent(name) }
    let before = (manifest.altered ?? []).filter { !now.contains($0) }
    return now.map {
      "\(path($0)): is not what run.json recorded; it was changed since the run ended"
    }
      + before.map {
        "\(path($0)): holds what was changed after its run had ended, as run.json says"
      }
  }

  /// The files of a folder that a run goes on with which were changed since their run.
  static func altered(in folder: String) -> [String] {
    guard let manifest = try? ResultFolder.readManifest(folder) else { return [] }
    return ResultFolder.altered(in: folder, manifest, digest: RunInfo.fileDigest)
  }

  /// Refuses a path at which no folder is that can be listed.
  static func requireFolder(_ folder: String) throws {
    guard FileManager.default.fileExists(atPath: folder) else {
      throw Failure("\(folder): no such folder; 'gauntlet run' writes one")
    }
    guard (try? FileManager.default.contentsOfDirectory(atPath: folder)) != nil else {
      throw ResultError.notAFolder(path: folder)
    }
  }

  /// Refuses a folder that has none of the files of results, and says which of its folders do.
  static func requireResults(_ folder: String) throws {
    try requireFolder(folder)
    func hasResults(_ folder: String) -> Bool {
      [ResultFolder.manifestName, ResultFolder.trialsName].contains {
        FileManager.default.fileExists(atPath: UserPath.joined(folder, $0))
      }
    }
    guard !hasResults(folder) else { return }
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    let inside = names.sorted().map { UserPath.joined(folder, $0) }.filter(hasResults)
    let more = inside.count > 3 ? " and \(inside.count - 3) more" : ""
    throw Failure(
      "\(folder): holds no results: 'run' and 'merge' write run.json and trials.jsonl, and neither is "
        + "there"
        + (inside.isEmpty
          ? "" : "; name the folders in it: " + inside.prefix(3).joined(separator: ", ") + more))
  }

  /// One record per trial that a run of the plan would find in a folder.
  ///
  /// - Throws: what would keep it from going on there.
  static func recorded(_ plan: Plan, in folder: String) throws(ResultError) -> [TrialRecordV1] {
    try ResultFolder.survey(
      folder, for: plan.expectedRun, layout: plan.roundsLayout(.builtIn, metrics: .builtIn),
      ranges: .builtIn
    ).latest
  }

  /// Reads a baseline and checks that it names metrics that exist.
  static func baseline(_ path: String) throws -> BaselineV1 {
    let baseline = try BaselineV1(path: path, ranges: .builtIn)
    let problems = baseline.policy.metrics.keys.sorted().compactMap { id in
      unknownMetric(id).map { DocumentError.Problem($0, at: line(of: id, in: path)) }
    }
    guard problems.isEmpty else { throw DocumentError(file: path, problems: problems) }
    note(
      baseline.origin.engine, of: baseline.origin.tool, in: path,
      wayOn: "record a new one with 'baseline make --replace --reason'")
    return baseline
  }

  /// Says that numbers are of another engine, and what to do.
  ///
  /// No error: what is of one engine compares, whichever it is.
  private static func note(_ engine: Int, of tool: String, in path: String, wayOn: String) {
    guard engine != Engine.number else { return }
    Console.note(
      "\(path): is of engine \(engine) (\(tool)), and this is engine \(Engine.number), whose "
        + "numbers do not compare with it: \(wayOn), or compare with \(tool)")
  }

  /// The first line of a file that has a key.
  private static func line(of key: String, in path: String) -> SourcePosition? {
    guard let bytes = try? UserFile.contents(of: path) else { return nil }
    let lines = String(decoding: bytes, as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
    return lines.firstIndex { $0.contains("\"\(key)\":") }.map { SourcePosition(line: $0 + 1) }
  }

  /// Reads claims and checks that they name metrics that exist.
  static func claims(_ path: String) throws -> [Claim] {
    let file = try ClaimsFile(path: path)
    let problems = file.claims.flatMap { claim in
      claim.bounds.compactMap { bound in
        unknownMetric(bound.metric).map {
          DocumentError.Problem("the claim '\(claim.id)': \($0)", at: claim.position)
        }
      }
    }
    guard problems.isEmpty else { throw DocumentError(file: file.path, problems: problems) }
    return file.claims
  }

  /// Why there is no such metric; `nil` if there is.
  static func unknownMetric(_ id: String) -> String? {
    guard MetricCatalog.builtIn.manifest(of: id) == nil else { return nil }
    return "there is no metric '\(id)'"
      + suggestion(for: id, among: MetricCatalog.builtIn.manifests.map(\.id))
  }

  /// Today in the form of an override's end.
  static var today: String { String(RunInfo.now().prefix(10)) }
}
