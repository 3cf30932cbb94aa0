import Components
import Defenses
import Determinism
import Dumps
import Federation
import Foundation
import Kernels
import Simulation
import Testing
import _TestSupport

/// Does nothing.
private struct Idle: Attack {
  static let tier = ThreatTier.ownKnowledge
  static let manifest = ComponentManifest(id: "idle", summary: "")
  init(_: Arguments, setup _: AttackSetup) {}
  var threatModel: ThreatModel { ThreatModel(surface: .update) }
}

/// Rounds with fewer rows than clients were chosen are replayed to the defense of the run.
@Suite struct LostUpdatesReplayTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// Records all rounds of both rules.
  private func record(clients: String, threat: String) throws {
    let catalog = Catalog(
      attacks: [AttackEntry(Honest.self), AttackEntry(Idle.self)],
      aggregators: [
        AggregatorEntry(Mean.self), AggregatorEntry(Krum.self), AggregatorEntry(TrimmedMean.self),
      ], stages: [])
    let text = """
      schema: gauntlet/scenario/1
      name: lost
      seeds: [1]
      rounds: 6
      task:
        dataset: {use: gaussian-classes, features: 4, classes: 3, train: 60, test: 30}
        model: {kind: logistic}
        local: {batch: 8, lr: 0.1}
      clients: {\(clients)}
      threat:
        malicious: {count: 3}
        \(threat)
      attacks: [idle]
      defenses: [krum, {use: trimmed-mean, fraction: 0.25}]

      """
    let plan = try Plan(
      ScenarioFile(text: text, path: "t.yaml", catalog: catalog), catalog: catalog)
    let dumper = UpdateDumper(
      folder: folder.path, format: .npy, rounds: try RoundSelection("all"))
    let summary = try Runner(
      plan: plan, metrics: MetricCatalog(meters: [], metrics: [], flags: []), jobs: 1,
      observer: dumper
    ).run(stop: StopSignal(), onProgress: { _ in }, onTrial: { _ in })
    #expect(summary.recorded == plan.trials.count && summary.failed.isEmpty)
  }

  private func candidate(
    _ rule: any Aggregator.Type, _ given: @escaping (Int?) -> [String: ArgumentValue]
  ) -> ReplayCandidate {
    ReplayCandidate(rule.manifest.id.rawValue) { setup, _, declared in
      let made = try rule.init(Arguments(given(declared), for: rule.manifest), setup: setup)
      return ReplayCandidate.Made(
        pipeline: DefensePipeline(stages: [], rule: made), needs: [], declaresMalicious: false,
        isStateful: false, declaredByzantine: declared, workingBytes: 0)
    }
  }

  private func replayed() throws -> [ReplayedDump] {
    let replay = Replay(
      [
        candidate(Mean.self) { _ in [:] },
        candidate(Krum.self) { ["f": .integer($0 ?? 0)] },
        candidate(TrimmedMean.self) { _ in ["fraction": .real(0.25)] },
      ], options: Replay.Options(byteLimit: 1e9, pool: WorkPool(width: 1)))
    return try DumpFinder.sequences([folder.path]).map { try replay.run($0) }
  }

  /// The texts of all files beside the arrays, by path.
  private func metas() throws -> [String: String] {
    let names = FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String }
    var texts: [String: String] = [:]
    for name in names ?? [] where name.hasSuffix(DumpMeta.fileName) {
      let path = folder.path + "/" + name
      texts[path] = try String(contentsOfFile: path, encoding: .utf8)
    }
    return texts
  }

  /// A quarter of 10 rows is 2 values at each end, one of 7 rows is 1.
  @Test(arguments: [
    ("count: 10, dropout: 0.5", "window: {start: 0, stop: 6}"),
    ("count: 10", "window: {start: 3, stop: 6}\n  outside: absent"),
  ])
  func `defenses are made for the clients that were chosen`(clients: String, threat: String) throws
  {
    try record(clients: clients, threat: threat)
    for (path, text) in try metas() {
      #expect(text.contains("\"participants\": 10"), "\(path)")
    }
    let dumps = try replayed()
    #expect(dumps.contains { $0.cell == "idle/krum" })
    for dump in dumps {
      let rule = dump.cell?.split(separator: "/").last.map(String.init)
      let score = try #require(dump.scores.first { $0.defense == rule })
      #expect(score.ending == .scored && score.rounds.count > 3)
      for round in score.rounds { #expect(round.isAsRecorded == true, "\(rule ?? "") \(round)") }
    }
  }

  /// Dumps of before say nothing: here the last rounds have everybody.
  @Test func `else for the largest number of rows`() throws {
    try record(clients: "count: 10", threat: "window: {start: 3, stop: 6}\n  outside: absent")
    for (path, text) in try metas() {
      let lines = text.split(separator: "\n").filter { !$0.contains("\"participants\"") }
      try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: path))
    }
    for dump in try replayed() {
      #expect(dump.rowCount == 10)
      let rule = dump.cell?.split(separator: "/").last.map(String.init)
      let score = try #require(dump.scores.first { $0.defense == rule })
      #expect(score.ending == .scored && score.rounds.count == 6)
      for round in score.rounds { #expect(round.isAsRecorded == true, "\(rule ?? "") \(round)") }
    }
  }
}
