import Foundation
import Testing
import _TestSupport

/// Bad scenarios: every problem at once with its place, exit code 1, nothing written.
@Suite struct ScenarioErrorTests {
  struct Case: CustomTestStringConvertible {
    let name: String
    let text: String
    var options: [String] = []
    let errors: [String]

    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(name: "empty", text: "", errors: ["bad.yaml: the file is empty"]),
    Case(
      name: "another file", text: "hello",
      errors: ["bad.yaml: is not a scenario, which starts with 'schema: gauntlet/scenario/1'"]),
    Case(
      name: "truncated", text: String(TestScenario.tiny.prefix(100)),
      errors: [
        "bad.yaml:7:1: is not YAML: while parsing a flow mapping: did not find expected ',' or '}'"
      ]),
    Case(
      name: "unknown keys",
      text: TestScenario.tiny("rounds: 3", "round: 3").replacing(
        "malicious: {", with: "malicous: {"),
      errors: [
        "bad.yaml:4:1: unknown key 'round'; did you mean 'rounds'?",
        "bad.yaml:11:3: unknown key 'threat.malicous'; did you mean 'malicious'?",
      ]),
    Case(
      name: "wrong types",
      text: TestScenario.tiny("rounds: 3", "rounds: three").replacing("[1, 2]", with: "hello")
        .replacing("[4]", with: "wide").replacing("lr: 0.1", with: "lr: fast"),
      errors: [
        "bad.yaml:3:8: seeds has to be a list such as [1, 2, 3], or {from: 1, count: 3}, not 'hello'",
        "bad.yaml:4:9: rounds has to be a whole number from 1 to 1000000, not 'three'",
        "bad.yaml:7:30: task.model.hidden has to be a list of 1 to 100, each a whole "
          + "number from 1 to 1000000, not 'wide'",
        "bad.yaml:8:26: task.local.lr has to be a number above 0 and up to 1000000, not 'fast'",
      ]),
    Case(
      name: "zero clients", text: TestScenario.tiny("{count: 6}", "{count: 0}"),
      errors: ["bad.yaml:9:18: clients.count has to be a whole number from 1 to 10000000, not '0'"]),
    Case(
      name: "window outside the rounds", text: TestScenario.tiny("stop: 2", "stop: 4"),
      errors: [
        "bad.yaml:12:11: threat.window has start 1 and stop 4; "
          + "it takes 0 <= start < stop <= rounds, which is 3"
      ]),
    Case(
      name: "trigger larger than the input", text: TestScenario.tiny("size: 2", "size: 7"),
      errors: [
        "bad.yaml:13:13: threat.backdoor: a 'square' trigger of size 7 does not fit inputs of 6"
      ]),
    Case(
      name: "target out of range", text: TestScenario.tiny("target: 0", "target: 3"),
      errors: ["bad.yaml:13:13: threat.backdoor.target is 3; classes are 0 to 2"]),
    Case(
      name: "components",
      text: TestScenario.tiny("  - mean\n", "  - meen\n")
        .replacing("- krum", with: "- {use: krum, ff: 1, neighbours: n}")
        .replacing("- backdoor", with: "- {use: sign-flip, scale: big}"),
      errors: [
        "bad.yaml:16:29: sign-flip: scale is 'big'; it has to be a number above 0",
        "bad.yaml:18:5: unknown defense 'meen'; did you mean 'mean'?",
        "bad.yaml:19:17: krum: unknown parameter 'ff'; did you mean 'f'?",
        "bad.yaml:19:36: krum: neighbours is 'n'; it has to be one of 'n-f-2', 'n-f-1', 'n-f'",
      ]),
    Case(
      name: "only an infeasible rule", text: TestScenario.tiny("- krum", "- {use: krum, f: 2}"),
      options: ["--only", "defense=krum"],
      errors: [
        "bad.yaml: no cell is feasible: krum: needs n >= 2f + 3 = 7 submissions for f = 2, got 6"
      ]),
    Case(
      name: "a selection that matches nothing", text: TestScenario.tiny,
      options: ["--only", "attack=backdor defense=krum"],
      errors: ["bad.yaml: selection: no attack is 'backdor'; did you mean 'backdoor'?"]),
    Case(
      name: "a selection that leaves nothing", text: TestScenario.tiny,
      options: ["--skip", "attack=*"], errors: ["bad.yaml: the selection leaves no cell to run"]),
    Case(
      name: "values of --set", text: TestScenario.tiny,
      options: [
        "--set", "clients.count=0", "--set", "threat.windw.stop=3", "--set", "rounds=[1", "--set",
        "a..b=1",
      ],
      errors: [
        "bad.yaml: --set rounds: '[1' is not a YAML value",
        "bad.yaml: --set a..b: 'a..b' is not a dotted key",
        "bad.yaml: --set clients.count: clients.count has to be a whole number from 1 to 10000000, "
          + "not '0'",
        "bad.yaml: --set threat.windw.stop: unknown key 'threat.windw'; did you mean 'window'?",
      ]),
    Case(
      name: "values of the matrix",
      text: TestScenario.tiny + "matrix:\n  threat.malicious: [0.2, x]\n",
      errors: [
        "bad.yaml:21:27: threat.malicious has to be a share of at least 0 and below 1, "
          + "or {count: N}, not 'x'"
      ]),
    Case(
      name: "a folder that is not there",
      text: TestScenario.tiny(
        "{use: gaussian-classes, features: 6, classes: 3, train: 120, test: 60}",
        "{use: idx, folder: nowhere}"),
      errors: [
        "bad.yaml:6:12: task.dataset: nowhere: no such file or folder where the program started, "
          + "beside the scenario or in /usr/share/datasets, and GAUNTLET_DATA is not set"
      ]),
  ]

  @Test(arguments: cases) func everyProblemIsReportedBeforeAnythingIsWritten(_ example: Case) throws
  {
    let folder = try TemporaryFolder()
    try folder.write(example.text, to: "bad.yaml")
    for command in [["run", "-o", "results"], ["validate"], ["plan"]] {
      let outcome = try Program.run(
        [command[0], "bad.yaml"] + command.dropFirst() + example.options, in: folder.path)
      #expect(outcome.status == 1)
      #expect(outcome.output.isEmpty)
      #expect(outcome.errorLines == example.errors.map { "gauntlet: \($0)" })
    }
    #expect(try folder.names() == ["bad.yaml"])
  }

  @Test func filesThatCannotBeScenarios() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.write([0x61, 0x3A, 0x20, 0xFF], to: "latin.yaml", in: folder.path)
    try folder.write(String(repeating: "[", count: 100_000), to: "deep.yaml")
    for (file, message) in [
      ("nowhere.yaml", "no such file"), (".", "is a folder; a scenario is a file"),
      ("latin.yaml", "is not UTF-8 text"), ("deep.yaml", "is not YAML: nested too deeply"),
    ] {
      let outcome = try Program.run(["validate", file], in: folder.path)
      #expect(outcome.status == 1)
      #expect(outcome.errors == "gauntlet: \(file): \(message)\n")
    }
  }

  @Test func textOfTheFileCannotReachTheTerminal() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      TestScenario.tiny("name: tiny", "name: tiny\n\"\\e[2J\\u202E\": 1"), to: "bad.yaml")
    let outcome = try Program.run(["validate", "bad.yaml"], in: folder.path)
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains(#"unknown key '\u{1b}[2J\u{202e}'"#))
    #expect(!outcome.errors.contains("\u{1B}"))
  }

  @Test func aScenarioMayComeFromAPipe() throws {
    let folder = try TemporaryFolder()
    try folder.write(TestScenario.tiny, to: "good.yaml")
    let outcome = try Program.shell("cat good.yaml | \"$GAUNTLET\" validate -", in: folder.path)
    #expect(outcome.output == "standard input: ok, 4 cells, 2 seeds, 8 trials, 24 rounds\n")
    let windows = TestScenario.tiny.replacing("\n", with: "\r\n")
    try folder.write("\u{FEFF}" + windows, to: "windows.yaml")
    let other = try Program.run(["validate", "windows.yaml"], in: folder.path)
    #expect(other.output == "windows.yaml: ok, 4 cells, 2 seeds, 8 trials, 24 rounds\n")
  }

  @Test(arguments: [
    (["--seeds", "5..1"], "--seeds takes 1..5 or 1,7,9, not '5..1'"),
    (["--seeds", "1,1"], "names a seed twice"),
    (["--seeds", ""], "--seeds takes 1..5"),
    (["--set", "threat"], "--set takes KEY=VALUE, not 'threat'"),
    (["--set", "=1"], "--set takes KEY=VALUE, not '=1'"),
    (["--only", "attack"], "--only: 'attack' is not a selection"),
    (["--skip", "rounds<many"], "--skip: 'rounds<many': '<' needs a number"),
    (["-j", "0"], "--jobs has to be a number from 1 to 4096, not 0"),
    (["--progress", "loud"], "Please provide one of 'auto', 'bar', 'lines' or 'none'"),
    (["--color", "red"], "Please provide one of 'auto', 'always' or 'never'"),
    (["--output", ""], "--output is empty"),
  ])
  func wrongOptionsAreUsageErrors(options: [String], message: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(TestScenario.tiny, to: "good.yaml")
    let output = options.first == "--output" ? [] : ["-o", "results"]
    let outcome = try Program.run(["run", "good.yaml"] + output + options, in: folder.path)
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
    #expect(try folder.names() == ["good.yaml"])
  }
}
