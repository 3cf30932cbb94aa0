import Foundation
import Testing
import _TestSupport

/// Numbers that are no measurements: every reader refuses the file, and says where.
@Suite(.recordedResults) struct BrokenNumberTests {
  private let folder: TemporaryFolder
  private var results: ResultFiles { ResultFiles(path: folder.path + "/results") }

  init() throws { folder = try RecordedResults.copy() }

  private func run(_ line: String) throws -> Program.Outcome {
    try Program.run(line.split(separator: " ").map(String.init), in: folder.path)
  }

  /// Sets one metric of the first line of the log.
  private func set(_ metric: String, to value: String) throws {
    let lines = try results.lines("trials.jsonl")
    let pattern = try Regex("\"\(metric)\":[^,}]+")
    let first = lines[0].replacing(pattern, with: "\"\(metric)\":\(value)", maxReplacements: 1)
    #expect(first != lines[0])
    try results.write(
      ([first] + lines.dropFirst()).map { $0 + "\n" }.joined(), to: "trials.jsonl")
  }

  @Test(arguments: [
    ("accuracy.final", "1.7", "accuracy.final is 1.7, and it is from 0 to 1"),
    ("accuracy.stop", "-5", "accuracy.stop is -5, and it is from 0 to 1"),
    ("accuracy.class.0", "-1e308", "accuracy.class.0 is -1e+308, and it is from 0 to 1"),
    ("accuracy.drop", "-1.5", "accuracy.drop is -1.5, and it is from -1 to 1"),
    ("cost.defense", "-0.25", "cost.defense is -0.25, and it is from 0 to 1e+100"),
    ("cost.defense", "1e200", "cost.defense is 1e+200, and it is from 0 to 1e+100"),
    ("accuracy.final", "1e999", "metrics: the number '1e999' is too large"),
    ("accuracy.final", "NaN", "metrics: a number is needed, not 'NaN"),
  ])
  func inResults(metric: String, value: String, reason: String) throws {
    try set(metric, to: value)
    for line in [
      "gate results --baseline baseline.json", "compare results results",
      "baseline make results -o new.json",
      "baseline accept --from results --baseline baseline.json --reason x",
      "merge results -o joined", "run tiny.yaml -o results --progress none",
    ] {
      let before = try folder.names()
      let outcome = try run(line)
      #expect(outcome.exited && outcome.status == 1, "\(line)")
      #expect(
        outcome.errors.hasPrefix("gauntlet: results/trials.jsonl:1: \(reason)"),
        "\(line): \(outcome.errors)")
      #expect(try folder.names() == before, "\(line)")
    }
  }

  @Test func idsThatNobodyKnowsHaveNoRange() throws {
    let lines = try results.lines("trials.jsonl")
    try results.write(
      lines.map { $0.replacing("\"metrics\":{", with: "\"metrics\":{\"aaa\":1.7,") + "\n" }
        .joined(),
      to: "trials.jsonl")
    #expect(try run("gate results --baseline baseline.json").status == 0)
  }

  @Test func negativeSeedsAndTwoKeysOfOneTrial() throws {
    let lines = try results.lines("trials.jsonl")
    func write(_ lines: [String]) throws {
      try results.write(lines.map { $0 + "\n" }.joined(), to: "trials.jsonl")
    }
    let negative = lines[0].replacing("\"seed\":", with: "\"seed\":-")
    try write([negative] + lines.dropFirst())
    #expect(
      try run("gate results --baseline baseline.json").errors.hasPrefix(
        "gauntlet: results/trials.jsonl:1: seed is -"))
    let start = try #require(lines[0].range(of: "\"key\":\""))
    let twin = lines[0].replacingCharacters(
      in: start.upperBound..<lines[0].index(start.upperBound, offsetBy: 4), with: "0000")
    try write(lines + [twin])
    let two = try run("gate results --baseline baseline.json")
    #expect(two.status == 1)
    #expect(two.errors.contains(/results\/trials\.jsonl: holds .+ with seed \d under two keys/))
    try write(
      lines + [lines[0].replacing(/"accuracy\.final":[^,}]+/, with: "\"accuracy.final\":0.0")])
    let unequal = try run("gate results --baseline baseline.json")
    #expect(unequal.status == 1)
    #expect(unequal.errors.contains("1 trial has the same key and other numbers"))
  }

  @Test(arguments: [
    (#""accuracy\.final": \[[0-9.]+,"#, #""accuracy.final": [1.7,"#, "accuracy.final is 1.7, and "),
    (
      #""asr\.stop": \[[0-9.]+,"#, #""asr.stop": [-1e308,"#, "asr.stop is -1e+308, and it is from 0"
    ),
    (#""seeds": \[1, *2,"#, #""seeds": [-1, 2,"#, "the seed -1 is negative"),
    (
      #""alpha": 0\.05"#, #""alpha": 1e-320"#,
      "policy.alpha is 1e-320; below 1e-6 a gate sees nothi"
    ),
    (#""abs": 0\.01"#, #""abs": -0.01"#, ".abs has to be a number of at least 0"),
    (#""abs": 0\.01"#, #""abs": 1e308"#, ".abs is 1e+308; it has to be at most 1e+100"),
    (#""abs": 0\.01"#, #""abs": 5"#, ".abs is 5, which no change can exceed: "),
    (#""abs": 0\.01"#, #""abs": 0.01, "rel": 1e9"#, ".rel is 1000000000; it has to be at most 100"),
  ])
  func inBaselines(pattern: String, replacement: String, reason: String) throws {
    let text = try folder.text("baseline.json")
    let edited = text.replacing(try Regex(pattern), with: replacement, maxReplacements: 1)
    try #require(edited != text, "\(pattern) is not in the baseline")
    try folder.write(edited, to: "baseline.json")
    for line in [
      "gate results --baseline baseline.json",
      "baseline accept --from results --baseline baseline.json --reason x",
      "baseline make results -o baseline.json --replace", "baseline show baseline.json",
    ] {
      let outcome = try run(line)
      #expect(outcome.exited && outcome.status == 1, "\(line)")
      #expect(outcome.errors.contains(reason), "\(line): \(outcome.errors)")
      #expect(try folder.text("baseline.json") == edited)
    }
  }
}
