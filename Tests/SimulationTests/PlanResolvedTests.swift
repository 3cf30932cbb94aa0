import Results
import Testing

@testable import Simulation

/// What a shard says about the combinations that its trials are of.
@Suite struct PlanResolvedTests {
  private func plan(_ matrix: String) throws -> Plan {
    try Plan(
      try ScenarioText.read(ScenarioText.valid + matrix, ["clients.count=7", "seeds=[1, 2]"]),
      catalog: .test)
  }

  /// The epochs of the combinations.
  private func epochs(_ plan: Plan, _ places: Range<Int>) -> [JSONValue?] {
    guard case .array(let all) = plan.resolved(of: places) else { return [] }
    return all.map { combination in
      guard case .object(let members) = combination, case .object(let axes)? = members["axes"]
      else { return nil }
      return axes["task.local.epochs"]
    }
  }

  @Test func `a part has its combinations, and all parts have all`() throws {
    let plan = try plan("matrix: {task.local.epochs: [2, 3, 4]}\n")
    #expect(plan.trials.count == 24)
    #expect(epochs(plan, 0..<24) == ["2", "3", "4"])
    #expect(plan.resolved(of: 0..<24) == plan.resolved)
    #expect(epochs(plan, 0..<8) == ["2"])
    #expect(epochs(plan, 7..<9) == ["2", "3"])
    #expect(epochs(plan, 16..<24) == ["4"])
    // A part without trials is of the whole plan.
    #expect(plan.resolved(of: 24..<24) == plan.resolved)
  }

  @Test func `without a matrix there is one`() throws {
    let plan = try plan("")
    for places in [0..<1, 3..<5, 7..<8] { #expect(plan.resolved(of: places) == plan.resolved) }
  }
}
