import Testing

/// Scenarios that would keep a reader busy without end.
@Suite struct ScenarioLimitsTests {
  /// Lists of nine aliases each, which in the end stand for 9^levels values.
  private func bomb(_ levels: Int) -> String {
    var lines = ["x0: &a0 [1, 2]"]
    for level in 1...levels {
      let aliases = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      lines.append("x\(level): &a\(level) [\(aliases)]")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  @Test func `aliases that stand for billions of values are refused`() {
    let problems = ScenarioText.problems(bomb(20) + ScenarioText.valid)
    #expect(problems.hasPrefix("t.yaml:7:"))
    #expect(problems.hasSuffix(": aliases stand for more than 1000000 values"))
  }

  @Test(arguments: ["*a20 : 1", "? [*a20]\n: 1", "{? {x: *a20} : 1}: 1"])
  func `aliases in keys are refused`(line: String) {
    // So few that their number is fine.
    let text = "y: &a20 [1]\n" + line + "\n" + ScenarioText.valid
    #expect(ScenarioText.problems(text).hasSuffix("an alias cannot be a part of a key"))
  }

  @Test func `values of overrides are limited as well`() {
    let value = "[" + bomb(1).split(separator: "\n").joined(separator: ", ") + ", *a1: 1]"
    #expect(
      ScenarioText.problems(ScenarioText.valid, ["rounds=\(value)"]).contains("is not a YAML value")
    )
  }

  @Test func `a few aliases are welcome`() throws {
    let text = ScenarioText.replacing([
      ("count: 6", "count: &n 6"),
      (
        "{id: push, use: fixed-row, value: 2}",
        "{id: push, use: fixed-row, value: *n}"
      ),
    ])
    #expect(ScenarioText.problems(text, plans: true).isEmpty)
    let quoted = "# it is &a or *a\n" + ScenarioText.valid
    #expect(ScenarioText.problems(quoted, plans: true).isEmpty)
  }

  @Test func `a hundred problems are enough`() {
    let keys = (0..<500).map { "unknown\($0): 1\n" }.joined()
    let lines = ScenarioText.problems(keys + ScenarioText.valid).split(separator: "\n")
    #expect(lines.count == 101 && lines.last == "t.yaml: and more")
  }
}
