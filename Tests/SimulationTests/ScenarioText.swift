import Determinism
import Diagnostics
import Federation
import Simulation

/// A small valid scenario, to be changed line by line.
enum ScenarioText {
  static let valid = """
    schema: gauntlet/scenario/1
    name: test
    seeds: [1]
    rounds: 4
    task:
      dataset: {use: gaussian-classes, features: 4, classes: 3, train: 60, test: 30}
      model: {kind: logistic}
      local: {batch: 8, lr: 0.1}
    clients: {count: 6}
    threat:
      malicious: {count: 2}
    attacks: [none, {id: push, use: fixed-row, value: 2}]
    defenses: [mean, strict]

    """

  /// Returns the valid text with the first occurrence of each text replaced.
  static func replacing(_ changes: (String, String)...) -> String { replacing(changes) }

  static func replacing(_ changes: [(String, String)]) -> String {
    var text = valid
    for (old, new) in changes {
      guard let range = text.firstRange(of: old) else {
        preconditionFailure("the valid scenario has no '\(old)'")
      }
      text.replaceSubrange(range, with: new)
    }
    return text
  }

  /// Reads a text; `overrides` are written `key=value`.
  static func read(_ text: String = valid, _ overrides: [String] = []) throws(DocumentError)
    -> ScenarioFile
  {
    try ScenarioFile(
      text: text, path: "t.yaml", catalog: .test,
      overrides: overrides.map { pair in
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(parts[0]), parts.count == 2 ? String(parts[1]) : "")
      })
  }

  /// Returns the one scenario of a text.
  static func scenario(_ overrides: [String] = [], text: String = valid) throws -> Scenario {
    try read(text, overrides).variants[0].scenario
  }

  /// Returns what reading, or planning, a text complains about; empty if it is fine.
  static func problems(_ text: String, _ overrides: [String] = [], plans: Bool = false) -> String {
    do throws(DocumentError) {
      let file = try read(text, overrides)
      if plans { _ = try Plan(file, catalog: .test) }
      return ""
    } catch {
      return error.description
    }
  }
}
