import Components
import Federation
import Foundation
import Gating
import Kernels
import Simulation
import Suite
import Testing
import _TestSupport

/// The library's way to gate a component: record once, then find its cells red when it changes.
@Suite struct ScenarioGateTests {
  private static let scenario = """
    schema: gauntlet/scenario/1
    name: tiny
    seeds: {from: 1, count: 3}
    rounds: 6
    task:
      dataset: digits
      model: {kind: mlp, hidden: [8]}
      local: {epochs: 1, batch: 32, lr: 0.1}
    clients:
      count: 10
      partition: {kind: iid}
    threat:
      malicious: 0.2
      window: {start: 1, stop: 5}
    attacks: [none, {use: sign-flip, scale: 10}]
    defenses: [mean, mine]
    """

  /// The shipped components and one more, which computes as the named rule does.
  private static func catalog(mineIs rule: ComponentID) throws -> Catalog {
    var mine = AggregatorEntry(Mine.self)
    mine.make = try Catalog.builtIn.aggregator(rule).make
    return Catalog.builtIn.adding(aggregators: [mine])
  }

  @Test func aChangedRuleIsRedInItsOwnCells() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.scenario, to: "tiny.yaml")
    let (scenario, baseline) = (folder.path + "/tiny.yaml", folder.path + "/tiny.json")
    try ScenarioGate.record(
      scenario: scenario, to: baseline, why: "first", catalog: Self.catalog(mineIs: "median"))

    let sound = try ScenarioGate(
      scenario: scenario, baseline: baseline, catalog: Self.catalog(mineIs: "median"))
    #expect(sound.cells == ["none/mean", "none/mine", "sign-flip/mean", "sign-flip/mine"])
    for cell in sound.cells {
      let findings = try sound.findings(of: cell)
      #expect(!findings.isEmpty && !findings.contains(where: \.isFailure), "\(cell)")
    }

    let broken = try ScenarioGate(
      scenario: scenario, baseline: baseline, catalog: Self.catalog(mineIs: "mean"))
    #expect(try broken.findings(of: "sign-flip/mine").contains(where: \.isFailure))
    for cell in ["none/mean", "sign-flip/mean"] {
      #expect(try !broken.findings(of: cell).contains(where: \.isFailure), "\(cell)")
    }
    #expect(try broken.findings(of: "no/such").map(\.verdict) == [.missing])
  }

  @Test func recordingAgainKeepsTheHistoryAndRefusesAnotherScenario() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.scenario, to: "tiny.yaml")
    try folder.write(
      Self.scenario.replacing("name: tiny", with: "name: other"), to: "other.yaml")
    let baseline = folder.path + "/tiny.json"
    let catalog = try Self.catalog(mineIs: "median")
    for why in ["first", "second"] {
      try ScenarioGate.record(
        scenario: folder.path + "/tiny.yaml", to: baseline, why: why, catalog: catalog)
    }
    #expect(try BaselineV1(path: baseline).history.map(\.why) == ["first", "second"])
    #expect(throws: BaselineError.self) {
      try ScenarioGate.record(
        scenario: folder.path + "/other.yaml", to: baseline, why: "third", catalog: catalog)
    }
  }
}

/// A rule with an id of its own; the tests say how it computes.
private struct Mine: Aggregator {
  static let manifest = ComponentManifest(
    id: "mine", summary: "A rule of a test.")

  init(_: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {}

  mutating func aggregate(
    _: borrowing UpdateMatrix, in _: RoundContext
  ) throws(DefenseError) -> Aggregation {
    preconditionFailure("the entry makes another rule")
  }
}
