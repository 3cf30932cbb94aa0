import Components
import Datasets
import Federation
import Results
import Tensors
import Testing
import Training

@testable import Simulation

/// Takes the server's update for the aggregate.
struct RootOnly: Aggregator {
  static let manifest = ComponentManifest(id: "root-only", summary: "")
  static let needs: DefenseNeeds = .rootData
  init(_: Arguments, setup _: DefenseSetup) {}

  mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    Aggregation(
      update: round.rootUpdate ?? [Float](repeating: .nan, count: updates.columnCount),
      verdicts: updates.weights.map { _ in Verdict(.rejected, weight: 0) })
  }
}

@Suite struct ServerDataTests {
  private static let catalog = Catalog.test.adding(aggregators: [AggregatorEntry(RootOnly.self)])

  private func rows(_ shard: Shard) -> [[Float]] { (0..<shard.count).map { shard.inputs.row($0) } }

  @Test func `root examples are withheld from every client`() throws {
    let (without, with) = (try TrialBench(), try TrialBench(["defense-knows={root-samples: 7}"]))
    let root = try #require(with.data.root)
    #expect(without.data.root == nil && root.count == 7)
    let dealt = with.data.shards.flatMap(rows)
    #expect(dealt.count == 53 && without.data.shards.flatMap(rows).count == 60)
    #expect(Set(dealt).isDisjoint(with: rows(root)))
    #expect(Set(dealt + rows(root)) == Set(without.data.shards.flatMap(rows)))
    #expect(with.data.test == without.data.test)
  }

  @Test func `root and the attacker's examples never meet`() throws {
    let bench = try TrialBench([
      "defense-knows={root-samples: 7}", "threat.auxiliary={class: 1, train: 5, test: 4}",
    ])
    let (train, test) = (
      try #require(bench.data.auxiliary), try #require(bench.data.auxiliaryTest)
    )
    #expect(train.count == 5 && test.count == 4)
    #expect(Set(train.labels + test.labels) == [1])
    #expect(bench.data.shards.map(\.count).reduce(0, +) == 60 - 16)
    #expect(Set(rows(train)).isDisjoint(with: rows(test)))
  }

  private func records(_ overrides: [String]) throws -> [String: String?] {
    let file = try ScenarioFile(
      text: ScenarioText.valid, path: "t.yaml", catalog: Self.catalog,
      overrides: overrides.map {
        let parts = $0.split(separator: "=", maxSplits: 1)
        return (String(parts[0]), String(parts[1]))
      })
    let log = Log<FinishedTrial>()
    _ = try Runner(plan: try Plan(file, catalog: Self.catalog), metrics: .test, jobs: 1)
      .run(stop: StopSignal(), onProgress: { _ in }, onTrial: { log.note($0) })
    return Dictionary(
      uniqueKeysWithValues: log.entries.map { ($0.record.cell, $0.record.parametersSHA256) })
  }

  @Test func `trials whose defense asks for no root data lose it too`() throws {
    let known = "defense-knows={root-samples: 9}"
    let alone = try records(["attacks=[none]", "defenses=[mean]", known])
    let beside = try records(["attacks=[none]", "defenses=[mean, root-only]", known])
    let nothing = try records(["attacks=[none]", "defenses=[mean]"])
    #expect(alone["none/mean"] == beside["none/mean"])
    #expect(alone["none/mean"] != nothing["none/mean"])
    // What the server trains is finite and moves the model.
    #expect(beside["none/root-only"] != .some(nil))
    #expect(beside["none/root-only"] != beside["none/mean"])
  }

  @Test func `a need that the scenario does not meet is a problem of the plan`() throws {
    let file = try ScenarioFile(
      text: ScenarioText.replacing(("[mean, strict]", "[mean, root-only]")), path: "t.yaml",
      catalog: Self.catalog)
    let error = #expect(throws: (any Error).self) { try Plan(file, catalog: Self.catalog) }
    let text = String(describing: error)
    #expect(text.contains("root-only") && text.contains("defense-knows.root-samples"), "\(text)")
  }
}
