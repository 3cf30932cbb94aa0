import Simulation
import Suite
import Testing

/// A plan refuses defenses whose data the scenario does not give the server.
@Suite struct ServerDataNeedsTests {
  private func plan(_ defense: String, knows: String = "{}") throws -> Plan {
    let text = """
      schema: gauntlet/scenario/1
      name: needs
      rounds: 2
      task:
        dataset: {use: gaussian-classes, features: 6, classes: 3, train: 100, test: 20}
        model: {kind: logistic}
        local: {epochs: 1, batch: 16, lr: 0.1}
      clients: {count: 5}
      threat:
        malicious: {count: 1}
      defense-knows: \(knows)
      attacks: [ipm]
      defenses: [\(defense)]
      """
    return try Plan(
      ScenarioFile(text: text, path: "needs.yaml", catalog: .builtIn), catalog: .builtIn)
  }

  @Test(arguments: [
    (
      "{id: tuned, use: mean, finishers: [fine-tune]}", "defense-knows.root-samples",
      "{root-samples: 8}"
    ),
    (
      "backdoor-indicator", "defense-knows.out-of-distribution",
      "{out-of-distribution: {dataset: {use: gaussian-classes, features: 6, train: 30}, samples: 9}}"
    ),
  ])
  func whatIsMissingIsNamed(defense: String, key: String, knows: String) throws {
    let error = #expect(throws: (any Error).self) { try plan(defense) }
    #expect("\(String(describing: error))".contains(key))
    #expect(try plan(defense, knows: knows).trials.contains { $0.attack == "ipm" })
  }
}
