import Foundation
import Testing
import _TestSupport

/// The verdicts of `gate`, its exit codes and what it prints, on results of real runs.
@Suite(.recordedResults) struct GateTests {
  private let folder: TemporaryFolder
  private var results: ResultFiles { ResultFiles(path: folder.path + "/results") }

  init() throws { folder = try RecordedResults.copy() }

  private func gate(
    _ options: String..., environment: [String: String] = [:]
  ) throws -> Program.Outcome {
    try Program.run(
      ["gate", "results", "--baseline", "baseline.json"] + options, in: folder.path,
      environment: environment)
  }

  private func worsen() throws {
    try results.add([-0.2], to: "accuracy.final", of: "backdoor/krum")
  }

  // MARK: - Exit codes

  @Test func nothingChanged() throws {
    let outcome = try gate()
    #expect(outcome.status == 0 && outcome.errors.isEmpty)
    #expect(outcome.output.hasPrefix("gate passed: 34 checks identical\n"))
    let line = try gate("-q", "--strict", "--fail-on-improvement")
    #expect(line.status == 0 && line.errors.isEmpty)
    #expect(line.output == "gate: passed, 34 of 34 checks identical to baseline.json\n")
  }

  @Test func aRegressionIsTwo() throws {
    try worsen()
    let outcome = try gate()
    #expect(outcome.status == 2)
    #expect(outcome.output.hasPrefix("gate failed: 1 regression, 33 passed\n"))
    #expect(
      outcome.output.contains(
        "  backdoor/krum  accuracy.final ↑  0.267 after 0.467, worse by 0.200, tolerance 0.010, "))
    #expect(
      outcome.errors.contains(
        "gauntlet baseline review --from results --baseline baseline.json\n"))
    let line = try gate("-q")
    #expect(line.status == 2 && line.errors.isEmpty)
    #expect(
      line.output
        == "gate: failed, 1 regression, 33 of 34 checks passed against baseline.json\n")
  }

  @Test func doubtIsThreeIfStrict() throws {
    try results.add([-0.4, 0.2, -0.2, 0.3, -0.2], to: "accuracy.final", of: "backdoor/krum")
    let outcome = try gate()
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("gate passed: 1 inconclusive, 33 passed\n"))
    #expect(outcome.output.contains(/needs about \d+ more\s+seeds/))
    #expect(try gate("--strict").status == 3)
    try ResultFiles(path: folder.path).replace(
      #""inconclusive": "warn""#, #""inconclusive": "fail""#, in: "baseline.json")
    #expect(try gate().status == 3)
  }

  @Test func improvementsAreFourIfAsked() throws {
    try results.add([0.2], to: "accuracy.final", of: "none/krum")
    let outcome = try gate()
    #expect(outcome.status == 0 && outcome.output.contains("better by 0.200"))
    #expect(try gate("--fail-on-improvement").status == 4)
    // A regression is the harder verdict.
    try worsen()
    #expect(try gate("--fail-on-improvement", "--strict").status == 2)
  }

  @Test func anUndefendedCellMayNotGetBetterEither() throws {
    try results.add([-0.2], to: "asr.final", of: "backdoor/mean")
    let outcome = try gate()
    #expect(outcome.status == 2)
    #expect(outcome.output.contains("undefended: a weaker attack is a fault too"))
  }

  @Test func swappedDefensesAreRed() throws {
    try results.swap("mean", "krum")
    let outcome = try gate()
    #expect(outcome.status == 2)
    #expect(
      outcome.output.contains(
        /none\/krum +detection\.weight-share ↓\s+1\.000 after 0, worse by 1\.000,/))
    // Those of the mean have no better direction.
    #expect(
      outcome.output.contains(/none\/mean +detection\.weight-share =\s+0 after 1\.000, changed/))
  }

  @Test func aChangedDefenseIsJudgedAndNoted() throws {
    try folder.write(
      RecordedResults.scenario.replacing("  - krum", with: "  - {use: krum, power: 4}"),
      to: "tiny.yaml")
    let run = try Program.run(
      ["run", "tiny.yaml", "-o", "results", "--fresh", "--progress", "none"], in: folder.path)
    #expect(run.status == 0)
    let outcome = try gate()
    #expect(outcome.status == 0 || outcome.status == 2)
    #expect(outcome.output.contains(/note  the defense 'krum' was changed: .*power was "2",/))
  }

  @Test(arguments: [
    [], ["--self-test"], ["--exact"], ["--baseline", "baseline.json", "--format", "xml"],
    ["--baseline", "baseline.json", "--only", "krum"], ["--baseline", "baseline.json", "more"],
    ["--baseline", "baseline.json", "-q", "--format", "json"],
    ["--baseline", "baseline.json", "--junit", "-"],
    ["--baseline", "baseline.json", "--summary", ""],
  ]) func wrongUsage(options: [String]) throws {
    let outcome = try Program.run(["gate", "results"] + options, in: folder.path)
    #expect(outcome.status == 64 && outcome.output.isEmpty)
    #expect(outcome.errors.hasPrefix("Error: ") && outcome.errors.contains("gauntlet gate"))
  }

  // MARK: - Options

  @Test func exactSeesTheLastBit() throws {
    try results.add([0, 0, 1e-15, 0, 0], to: "accuracy.final", of: "none/krum")
    #expect(try gate("--strict").status == 0)
    let exact = try gate("--exact")
    #expect(exact.status == 2)
    #expect(exact.output.hasPrefix("exact gate failed: 1 regression, 37 passed\n"))
    #expect(exact.output.contains("differs in seed 3"))
  }

  @Test func exactSeesTheParameters() throws {
    try results.write(
      try results.lines("trials.jsonl").map {
        $0.replacing(/"parameters_sha256":".{8}/, with: "\"parameters_sha256\":\"00000000") + "\n"
      }.joined(), to: "trials.jsonl")
    #expect(try gate("--strict").status == 0)
    let exact = try gate("--exact")
    #expect(exact.status == 2)
    #expect(exact.output.contains("none/mean      parameters"))
  }

  @Test func theSelfTestSaysHowManyItFound() throws {
    for options in [["--self-test"], ["--self-test", "--exact"]] {
      let outcome = try Program.run(
        ["gate", "results", "--baseline", "baseline.json", "-q"] + options, in: folder.path)
      #expect(outcome.status == 0)
      #expect(outcome.errors == "self-test: 26 planted worsenings, all found\n")
    }
    // With nothing to plant in it is no pass, and the report is there all the same.
    for line in [
      "run tiny.yaml -o few --seeds 1..2 --progress none", "baseline make few -o few.json",
    ] {
      let arguments = line.split(separator: " ").map(String.init)
      #expect(try Program.run(arguments, in: folder.path).status == 0)
    }
    for options in [["--junit", "gate.xml"], ["-q", "--strict"]] {
      let empty = try Program.run(
        ["gate", "few", "--baseline", "few.json", "--self-test"] + options, in: folder.path)
      #expect(empty.status == 1 && empty.output.contains("checks identical"))
      #expect(
        empty.errors == "gauntlet: self-test: there is no check to plant a worsening in\n")
    }
    #expect(try folder.text("gate.xml").contains("<testcase "))
  }

  @Test func redResultsComeBeforeTheSelfTest() throws {
    let note = "self-test: left out; the results are red without it\n"
    let line = try ResultFiles(path: folder.path).lines("results/trials.jsonl").last ?? ""
    try results.replace(line + "\n", "", in: "trials.jsonl")
    let gap = try gate("--self-test", "-q")
    #expect(gap.status == 5 && gap.errors == note)
    try worsen()
    let red = try gate("--self-test", "--junit", "gate.xml")
    #expect(red.status == 2 && red.output.hasPrefix("gate failed: 1 regression, "))
    #expect(red.errors.hasSuffix(note))
    #expect(try folder.text("gate.xml").contains("<failure "))
  }

  @Test func selections() throws {
    try worsen()
    #expect(try gate("--only", "attack=none").status == 0)
    #expect(try gate("--skip", "attack=back* defense=krum", "-q").status == 0)
    #expect(try gate("--only", "defense=krum", "-q").status == 2)
    let nothing = try gate("--only", "defense=krum", "--skip", "defense=krum")
    #expect(nothing.status == 5)
    #expect(nothing.output == "gate incomplete: nothing was compared\n")
    let unknown = try gate("--only", "defense=krumm")
    #expect(unknown.status == 1 && unknown.output.isEmpty)
    #expect(unknown.errors.contains("no defense is 'krumm'; did you mean 'krum'?"))
  }

  // MARK: - Formats

  @Test func json() throws {
    try worsen()
    let outcome = try gate("--format", "json")
    #expect(outcome.status == 2 && outcome.errors.isEmpty)
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
    #expect(object["schema"] as? String == "gauntlet/gate/1")
    #expect((object["outcome"] as? [String: Any])?["exit_code"] as? Int == 2)
    let findings = try #require(object["findings"] as? [[String: Any]])
    #expect(findings.count == 34)
    let red = findings.filter { $0["verdict"] as? String == "regression" }
    #expect(red.map { $0["cell"] as? String } == ["backdoor/krum"])
    #expect(object["notes"] as? [String] == [])
  }

  @Test func theCommandOfTheMarkdownWorksInAShell() throws {
    try worsen()
    let outcome = try gate("--format", "md")
    #expect(outcome.status == 2)
    #expect(outcome.output.hasPrefix("### ❌ gauntlet gate failed: 1 regression, 33 passed\n"))
    let block = try #require(outcome.output.firstMatch(of: /```sh\n(.+)\n```/))
    let shell = try Program.shell(
      "gauntlet() { \"$GAUNTLET\" \"$@\"; }\n\(block.1)", in: folder.path)
    #expect(shell.status == 0)
    #expect(shell.errors == "1 cell accepted into baseline.json\n")
    #expect(try gate("-q").status == 0)
  }

  @Test func annotationsOfGitHub() throws {
    try worsen()
    try folder.write(
      TestClaims.text("no", "accuracy.final: {max: 0.01}"), to: "claims.yaml")
    let outcome = try gate("--format", "github", "--claims", "claims.yaml")
    #expect(outcome.status == 2)
    let commands = outcome.outputLines.filter { $0.hasPrefix("::") }
    // The runner does not listen while the report is printed.
    try #require(commands.count == 4)
    #expect(outcome.output.hasPrefix(commands[0] + "\ngate failed: "))
    let token = try #require(commands[0].wholeMatch(of: /::stop-commands::(gauntlet-[a-z0-9-]+)/))
    #expect(commands[1] == "::\(token.1)::")
    #expect(commands[2].hasPrefix("::error file=baseline.json,line=38,title=regression"))
    #expect(commands[3].hasPrefix("::error file=claims.yaml,line=3,title=broken claim"))
    #expect(
      try !gate("--format", "github", "--claims", "claims.yaml").output.contains(token.1),
      "a token that is known could be planted")
    let cell = try folder.text("baseline.json").split(
      separator: "\n", omittingEmptySubsequences: false)[37]
    #expect(cell.hasPrefix("    \"backdoor/krum\":"))
  }

  @Test func theFileForJUnit() throws {
    try worsen()
    #expect(try gate("--junit", "gate.xml", "-q").status == 2)
    let text = try folder.text("gate.xml")
    #expect(text.contains(#"tests="34" failures="1" errors="0" skipped="0""#))
    #expect(text.matches(of: #/<testcase /#).count == 34)
    // What cannot be written is told, and keeps neither the verdict nor the other files away.
    let nowhere = try gate("--junit", "no/such/folder.xml", "--summary", "summary.md", "-q")
    #expect(nowhere.status == 2 && nowhere.errors.contains("no/such/folder.xml"))
    #expect(nowhere.output.hasPrefix("gate: failed, 1 regression"))
    #expect(try folder.text("summary.md").contains("1 regression"))
    for file in ["--junit", "--summary"] {
      let passed = try gate(file, "no/such/folder.xml", "-q", "--only", "attack=none")
      #expect(passed.status == 1 && passed.errors.contains("no/such/folder.xml"))
      #expect(passed.output.hasPrefix("gate: passed, "))
    }
  }

  @Test func summariesAreAppended() throws {
    try folder.write("before\n", to: "summary.md")
    #expect(try gate("--summary", "summary.md", "-q").status == 0)
    #expect(
      try gate(
        "--summary", "auto", "-q", environment: ["GITHUB_STEP_SUMMARY": "summary.md"]
      ).status == 0)
    let text = try folder.text("summary.md")
    #expect(text.hasPrefix("before\n### ✅ gauntlet gate passed: 34 checks identical\n"))
    #expect(text.matches(of: #/(?m)^### /#).count == 2)
    let outside = try gate("--summary", "auto", "-q")
    #expect(outside.status == 0)
    #expect(outside.errors.contains("GITHUB_STEP_SUMMARY is not set"))
  }
}
