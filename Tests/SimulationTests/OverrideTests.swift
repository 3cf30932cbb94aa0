import Testing
import Training

@testable import Simulation

@Suite struct OverrideTests {
  @Test func `a dotted key replaces a value`() throws {
    let scenario = try ScenarioText.scenario([
      "rounds=9", "task.local.lr=5e-2", "threat.malicious.count=1", "name=other",
    ])
    #expect(scenario.rounds == 9 && scenario.task.local.learningRate == 0.05)
    #expect(scenario.threat.maliciousCount == 1 && scenario.name == "other")
  }

  @Test func `missing mappings on the way are made`() throws {
    let scenario = try ScenarioText.scenario(["defense-knows.malicious.count=2"])
    #expect(scenario.declared == .count(2))
  }

  @Test func `a value may be a list or a mapping`() throws {
    let scenario = try ScenarioText.scenario([
      "seeds=[4, 5]", "attacks=[none, {id: x, use: fixed-row, value: 7}]",
    ])
    #expect(scenario.seeds == [4, 5])
    #expect(scenario.attacks.map(\.id) == ["none", "x"])
  }

  @Test func `the last of two overrides counts`() throws {
    #expect(try ScenarioText.scenario(["rounds=9", "rounds=3"]).rounds == 3)
  }

  @Test func `an axis of the matrix wins over an override of its key`() throws {
    let file = try ScenarioText.read(
      ScenarioText.replacing(("attacks:", "matrix: {clients.count: [4, 5]}\nattacks:")),
      ["clients.count=9", "clients.participation=0.5"])
    #expect(file.variants.map(\.scenario.clients.count) == [4, 5])
    #expect(file.variants.map(\.scenario.clients.participation) == [0.5, 0.5])
  }
}
