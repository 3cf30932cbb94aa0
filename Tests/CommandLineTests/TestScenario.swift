/// Scenarios that train in no time.
enum TestScenario {
  /// Two attacks against two defenses, two seeds, three rounds; line numbers matter to the tests.
  static let tiny = """
    schema: gauntlet/scenario/1
    name: tiny
    seeds: [1, 2]
    rounds: 3
    task:
      dataset: {use: gaussian-classes, features: 6, classes: 3, train: 120, test: 60}
      model: {kind: mlp, hidden: [4]}
      local: {batch: 10, lr: 0.1}
    clients: {count: 6}
    threat:
      malicious: {count: 1}
      window: {start: 1, stop: 2}
      backdoor: {trigger: square, size: 2, target: 0}
    attacks:
      - none
      - backdoor
    defenses:
      - mean
      - krum

    """

  /// The tiny scenario with some text replaced; the text has to be there.
  static func tiny(_ old: String, _ new: String) -> String {
    precondition(tiny.contains(old), "the scenario has no '\(old)'")
    return tiny.replacing(old, with: new)
  }
}
