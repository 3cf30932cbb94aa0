import Diagnostics
import Testing

@testable import Simulation

/// Scenarios that ask for more than can be, or are larger than can be: refused, with the number.
@Suite struct ScenarioSizeTests {
  private func problems(_ changes: (String, String)...) -> String {
    ScenarioText.problems(ScenarioText.replacing(changes), plans: true)
  }

  private func matrix(_ text: String) -> String {
    problems(("attacks:", "matrix:\n\(text)attacks:"))
  }

  @Test func `a million seeds are counted`() {
    #expect(
      problems(("[1]", "{from: 1, count: 1000000}"))
        == "t.yaml: asks for 4000000 trials (4 cells, 1000000 seeds); at most 1000000 are planned")
  }

  @Test func `axes are multiplied, not expanded`() {
    let ten = "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]"
    let axes = (0..<20).map { "  clients.b\($0): \(ten)\n" }.joined()
    #expect(matrix(axes).contains("matrix has more than 10^18 combinations (10 x 10 x"))
    let three = ["lr", "momentum", "weight-decay"].map { key in
      "  task.local.\(key): [\((1...100).map { "\(Double($0) / 1000)" }.joined(separator: ", "))]\n"
    }
    #expect(
      matrix(three.joined())
        == "t.yaml:13:3: matrix has 1000000 combinations (100 x 100 x 100); at most 10000 are taken"
    )
  }

  @Test func `cells and components are counted before they are made`() {
    let many = (0..<1_100).map { "{id: d\($0), use: strict}" }.joined(separator: ", ")
    let attacks = (0..<1_100).map { "{id: a\($0), use: fixed-row}" }.joined(separator: ", ")
    #expect(
      problems(("[mean, strict]", "[\(many)]"), ("[none,", "[\(attacks), none,"))
        == "t.yaml: the scenario asks for 1212200 cells before any are excluded; at most 1000000 are "
        + "taken")
    let rates = (1...10_000).map { "\(Double($0) / 100_000)" }.joined(separator: ", ")
    #expect(
      problems(
        (
          "[mean, strict]",
          "[\((0..<10).map { "{id: d\($0), use: strict}" }.joined(separator: ", "))]"
        ),
        ("attacks:", "matrix: {task.local.lr: [\(rates)]}\nattacks:")
      )
      .contains("asks for 120000 attacks and defenses over all combinations; at most 100000"))
  }

  @Test func `thousands of entries of include and exclude are taken`() throws {
    let values = (1...3_000).map(String.init)
    let include = values.map { "    - {attacks.push.value: \($0), defense: mean}\n" }.joined()
    let exclude = values.map { "    - {attacks.push.value: \($0), defense: strict}\n" }.joined()
    let plan = try Plan(
      try ScenarioText.read(
        ScenarioText.replacing(
          ("count: 6", "count: 9"), ("attacks:", "matrix:\n  include:\n\(include)attacks:"))),
      catalog: .test)
    // With entries of include alone nothing else runs but what their metrics need.
    #expect(plan.counts.requestedTrials == 3_000 && plan.counts.impliedTrials == 1)
    let text = ScenarioText.replacing(
      ("count: 6", "count: 9"),
      (
        "attacks:",
        "matrix:\n  attacks.push.value: [\(values.joined(separator: ", "))]\n  exclude:\n"
          + "\(exclude)attacks:"
      ))
    let other = try Plan(try ScenarioText.read(text), catalog: .test)
    #expect(other.counts.requestedTrials == 3_002 && other.counts.impliedTrials == 0)
  }

  @Test func `many axes and long keys are refused`() {
    let axes = (0..<200).map { "  clients.b\($0): [1]\n" }.joined()
    #expect(matrix(axes) == "t.yaml:13:3: matrix has 200 axes; it takes at most 100")
    let key = Array(repeating: "a", count: 20_000).joined(separator: ".")
    #expect(matrix("  ? \(key)\n  : [1]\n").hasSuffix("has 20000 parts; a key has at most 16"))
    let set = ScenarioText.problems(ScenarioText.valid, ["\(key)=1"])
    #expect(set.hasPrefix("t.yaml: --set a.a.a."))
    #expect(set.hasSuffix("…: the key has 20000 parts; a key has at most 16"))
  }

  @Test func `other problems are told beside a matrix that is too large`() {
    let axes = "  task.local.lr: [\((1...10_001).map(String.init).joined(separator: ","))]\n"
    let text = problems(("attacks:", "matrix:\n\(axes)attacks:"), ("[mean", "[maen"))
    #expect(text.contains("10001 combinations") && text.contains("did you mean 'mean'?"))
    #expect(text.split(separator: "\n").count == 2)
  }

  @Test func `texts are refused by their bytes`() {
    let valid = ScenarioText.valid
    for (text, message) in [
      (valid + "# " + String(repeating: "x", count: 1 << 20), "is larger than 1 MiB"),
      (valid + String(repeating: "\n", count: 500_000), "lines and values; more than 300000"),
      (valid + "z: [" + String(repeating: "1,", count: 400_000) + "]", "more than 300000"),
      (
        valid + "z:\n" + (0..<6_000).map { "  - &a\($0) 1\n" }.joined(),
        "has more than 5000 anchors (&)"
      ),
      ("a: " + String(repeating: "[", count: 100_000), "nested too deeply"),
      (valid + "z: " + String(repeating: "- ", count: 100_000) + "1", "t.yaml"),
    ] {
      #expect(ScenarioText.problems(text).contains(message), "\(message)")
    }
  }

  @Test func `long keys and values are cut in messages`() {
    let valid = ScenarioText.valid
    let spaces = String(repeating: " ", count: 900_000)
    for (text, overrides) in [
      (valid + "? \"\(spaces)\"\n: 1\n", []),
      (valid + "z: \(String(repeating: "x", count: 900_000))\n", []),
      (
        ScenarioText.replacing(("rounds: 4", "rounds: \(String(repeating: "9", count: 900_000))")),
        []
      ),
      (valid, ["rounds=" + String(repeating: "x", count: 100_000)]),
      (valid, [String(repeating: "x", count: 100_000) + "=1"]),
      (ScenarioText.replacing(("value: 2", "? \"\(spaces)\" : 2")), []),
    ] as [(String, [String])] {
      let problems = ScenarioText.problems(text, overrides)
      #expect(!problems.isEmpty && problems.utf8.count < 1_000)
    }
  }

  @Test func `control characters of a value are spelled out`() {
    let text = ScenarioText.replacing(("rounds: 4", "rounds: \"\\e[2J\\u202E\\n\""))
    #expect(
      ScenarioText.problems(text)
        == #"t.yaml:4:9: rounds has to be a whole number from 1 to 1000000, not the text '\u{1b}[2J\u{202e}\u{a}'"#
    )
  }

  @Test func `a mistake in each of many lines is told a hundred times`() {
    let many = (0..<40_000)
    for text in [
      ScenarioText.valid + many.map { "k\($0): 1\n" }.joined(),
      ScenarioText.replacing(("[mean,", "[" + many.map { "d\($0)," }.joined() + "mean,")),
      ScenarioText.replacing(("value: 2", many.map { "k\($0): 1" }.joined(separator: ", "))),
      ScenarioText.replacing(
        (
          "attacks:",
          "matrix:\n  exclude:\n"
            + many.prefix(9_000).map {
              "  - {attack: a\($0)}\n"
            }.joined() + "attacks:"
        )),
    ] {
      #expect(ScenarioText.problems(text).split(separator: "\n").count == 101)
    }
    #expect(
      matrix("  exclude:\n" + many.map { "  - {attack: a\($0)}\n" }.joined())
        .hasSuffix("matrix.exclude has 40000 entries; it takes at most 10000"))
  }

  @Test func `counts stop at the largest number`() {
    var counts = PlanCounts()
    counts.add(1 << 40, 1 << 40, to: \.requestedTrials)
    counts.add(1, 1, to: \.requestedTrials)
    counts.add(2, 3, times: 5, to: \.impliedTrials)
    #expect(counts.requestedTrials == .max && counts.impliedTrials == 30 && counts.trials == .max)
  }
}
