import Components
import Datasets
import Determinism
import Dumps
import Federation
import Foundation
import Kernels
import Results
import Simulation
import Synchronization
import Tensors
import Testing
import _TestSupport

/// Sends rows of ones.
private struct Ones: Attack {
  static let tier = ThreatTier.ownKnowledge
  static let manifest = ComponentManifest(id: "ones", summary: "")
  init(_: Arguments, setup _: AttackSetup) {}
  var threatModel: ThreatModel { ThreatModel(surface: .update) }

  mutating func craft(
    _ rows: inout Matrix<Float>, _: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    let row = [Float](repeating: 1, count: rows.columnCount)
    for index in 0..<rows.rowCount { rows.setRow(index, to: row.span) }
    return [:]
  }
}

/// Takes the first row.
private struct First: Aggregator {
  static let manifest = ComponentManifest(id: "mean", summary: "")
  init(_: Arguments, setup _: DefenseSetup) {}

  mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in _: RoundContext
  ) throws(DefenseError) -> Aggregation {
    Aggregation(
      update: Array(updates.values.row(0)),
      verdicts: updates.weights.indices.map {
        Verdict($0 == 0 ? .accepted : .rejected, weight: $0 == 0 ? 1 : 0)
      })
  }
}

/// Takes the first row; while ``losses`` are left, doubles it and loses its memory in round 2, as a
/// program of somebody else's may.
private struct Fragile: Aggregator {
  static let manifest = ComponentManifest(id: "fragile", summary: "")
  static let losses = Mutex(0)
  static let interruptions = Mutex(0)
  private var first: First
  private let isLost: Bool

  init(_ arguments: Arguments, setup: DefenseSetup) {
    first = First(arguments, setup: setup)
    isLost = Self.losses.withLock { losses in
      defer { losses = max(0, losses - 1) }
      return losses > 0
    }
  }

  mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    if isLost, round.round == 2 {
      Self.interruptions.withLock { $0 += 1 }
      throw .interrupted(component: "fragile", reason: "it is gone")
    }
    var aggregation = try first.aggregate(updates, in: round)
    if isLost { aggregation.update = aggregation.update.map { 2 * $0 } }
    return aggregation
  }
}

/// Which trials updates, models and verdicts are kept of, and under which name.
@Suite struct ObservedRunTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let catalog = Catalog(
    attacks: [AttackEntry(Honest.self), AttackEntry(Ones.self)],
    aggregators: [AggregatorEntry(First.self), AggregatorEntry(Fragile.self)], stages: [])

  private func plan(
    attacks: String, defenses: String, clients: String = "count: 6"
  ) throws -> Plan {
    let text = """
      schema: gauntlet/scenario/1
      name: observed
      seeds: [1]
      rounds: 4
      task:
        dataset: {use: gaussian-classes, features: 4, classes: 3, train: 60, test: 30}
        model: {kind: logistic}
        local: {batch: 8, lr: 0.1}
      clients: {\(clients)}
      threat:
        malicious: {count: 2}
      attacks: \(attacks)
      defenses: \(defenses)

      """
    let file = try ScenarioFile(text: text, path: "t.yaml", catalog: Self.catalog)
    return try Plan(file, catalog: Self.catalog)
  }

  /// Runs a plan with everything kept in a folder; returns the records and the verdicts of each trial
  /// of the plan that is not in `recorded`.
  private func run(
    _ plan: Plan, into name: String, recorded: [TrialRecordV1] = [], share: Range<Int>? = nil,
    jobs: Int = 1
  ) throws -> (records: [TrialRecordV1], verdicts: [String: [ClientVerdict]]) {
    let own = folder.path + "/" + name
    let collector = VerdictCollector()
    let rounds = try RoundSelection("all")
    let observers: [any TrialObserver] = [
      UpdateDumper(folder: own + "/dumps", format: .npy, rounds: rounds),
      ModelDumper(folder: own + "/models", format: .npz), collector,
    ]
    let records = Mutex<[TrialRecordV1]>([])
    let runner = Runner(
      plan: plan, metrics: MetricCatalog(meters: [], metrics: [], flags: []), jobs: jobs,
      recorded: recorded, share: share, observer: ObserverList(observers))
    _ = try runner.run(stop: StopSignal(), onProgress: { _ in }) { trial in
      records.withLock { $0.append(trial.record) }
    }
    var verdicts: [String: [ClientVerdict]] = [:]
    for trial in plan.trials {
      let found = collector.take(trial.identity)
      if !found.isEmpty { verdicts[trial.cell] = found }
    }
    return (records.withLock { $0 }, verdicts)
  }

  /// The bytes of all files below a folder.
  private func files(below name: String) throws -> [String: Data] {
    let own = folder.path + "/" + name
    let names = FileManager.default.enumerator(atPath: own)?.compactMap { $0 as? String } ?? []
    var files: [String: Data] = [:]
    for name in names {
      files[name] = try? Data(contentsOf: URL(fileURLWithPath: own + "/" + name))
    }
    return files
  }

  private func cells(below name: String) throws -> Set<String> {
    var cells: Set<String> = []
    for (name, bytes) in try files(below: name)
    where name.hasSuffix("meta.json") || name.hasSuffix("model.json") {
      let facts = try JSONSerialization.jsonObject(with: bytes) as? [String: Any]
      cells.insert(try #require(facts?["cell"] as? String))
    }
    return cells
  }

  /// Four cells of two keys: whatever runs, and when, the first cell of the plan gives its name.
  @Test func theFirstCellOfAKeyGivesItsName() throws {
    let plan = try plan(
      attacks: "[none, ones]", defenses: "[{id: z, use: mean}, {id: a, use: mean}]")
    let expected: Set = ["none/z", "ones/z"]
    let whole = try run(plan, into: "whole", jobs: 4)
    #expect(try cells(below: "whole") == expected)
    #expect(Set(whole.verdicts.keys) == Set(plan.trials.map(\.cell)))
    // As after a run of the first defense alone, and as another shard has it.
    let first = whole.records.filter { $0.defense == "z" }
    _ = try run(plan, into: "second", recorded: first)
    #expect(try cells(below: "second") == expected)
    #expect(try files(below: "second") == files(below: "whole"))
  }

  /// A clean twin that runs only to be compared with leaves nothing, whoever recorded it.
  @Test func trialsThatRunForComparisonAreNotKept() throws {
    let plan = try plan(attacks: "[none, ones]", defenses: "[mean]")
    let whole = try run(plan, into: "whole")
    #expect(Set(whole.verdicts.keys) == ["none/mean", "ones/mean"])
    let place = try #require(plan.trials.firstIndex { $0.cell == "ones/mean" })

    let shard = try run(plan, into: "shard", share: place..<place + 1)
    #expect(shard.records.map(\.cell) == ["ones/mean"])
    #expect(Set(shard.verdicts.keys) == ["ones/mean"])
    #expect(try cells(below: "shard") == ["ones/mean"])

    let resumed = try run(
      plan, into: "resumed", recorded: whole.records.filter { $0.cell == "none/mean" })
    #expect(resumed.records.map(\.cell) == ["ones/mean"])
    #expect(Set(resumed.verdicts.keys) == ["ones/mean"])
    #expect(try cells(below: "resumed") == ["ones/mean"])
  }

  /// Who does not answer, or comes too late, is in no dump, and a round without anybody has none.
  @Test func dumpsHaveTheRowsThatCame() throws {
    let plan = try plan(
      attacks: "[none]", defenses: "[mean]",
      clients: "count: 3, dropout: 0.7, deadline: 1, partition: {kind: quantity-skew, alpha: 1}")
    let run = try run(plan, into: "lost")
    let verdicts = try #require(run.verdicts["none/mean"])
    var rounds = 0
    for (name, bytes) in try files(below: "lost") where name.hasSuffix("meta.json") {
      rounds += 1
      let meta = try #require(try JSONSerialization.jsonObject(with: bytes) as? [String: Any])
      let clients = try #require(meta["clients"] as? [Int])
      let round = try #require(meta["round"] as? Int)
      #expect(!clients.isEmpty)
      #expect(clients.sorted() == verdicts.filter { $0.round == round }.map(\.client).sorted())
    }
    #expect(rounds == Set(verdicts.map(\.round)).count)
    let resolved = run.records[0].resolved
    #expect(verdicts.count == 3 * 4 - Int((resolved["silent"] ?? 0) + (resolved["late"] ?? 0)))
  }

  /// The first attempt goes another way and loses its program in round 2; nothing of it stays.
  @Test func anAttemptThatIsPlayedAgainLeavesNothing() throws {
    let plan = try plan(attacks: "[none]", defenses: "[fragile]")
    let calm = try run(plan, into: "calm")
    Fragile.losses.withLock { $0 = 1 }
    let again = try run(plan, into: "again")
    #expect(Fragile.interruptions.withLock { $0 } == 1)
    #expect(again.records.map(\.cell) == ["none/mean", "none/fragile"])
    #expect(again.records.allSatisfy { $0.status == .ok })
    #expect(again.records.map(\.parametersSHA256) == calm.records.map(\.parametersSHA256))
    #expect(again.verdicts == calm.verdicts)
    #expect(
      again.verdicts["none/fragile"]?.map(\.round)
        == (0..<4).flatMap { [Int](repeating: $0, count: 6) })
    #expect(try files(below: "again") == files(below: "calm"))
    #expect(try files(below: "again").keys.count { $0.hasSuffix("updates.npy") } == 8)
  }
}
