import Foundation
import Testing
import _TestSupport

/// `init`: what a user starts from.
@Suite struct InitTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func start(_ options: String...) throws -> Program.Outcome {
    try Program.run(["init"] + options, in: folder.path)
  }

  @Test func theScenarioValidatesAndTheClaimsAreRead() throws {
    let outcome = try start()
    #expect(outcome.status == 0)
    #expect(outcome.outputLines == ["gauntlet/scenario.yaml", "gauntlet/claims.yaml"])
    #expect(
      outcome.errors.hasPrefix("next:\n  gauntlet run gauntlet/scenario.yaml -o results --fresh\n"))
    #expect(outcome.errors.contains("results/ need not be committed"))
    let valid = try Program.run(["validate", "gauntlet/scenario.yaml"], in: folder.path)
    #expect(valid.status == 0)
    #expect(
      valid.output + valid.errors
        == "gauntlet/scenario.yaml: ok, 12 cells, 5 seeds, 60 trials, 2400 rounds\n")
    // The claims are about its cells, but results of another scenario have none of them.
    try folder.write(TestScenario.tiny, to: "tiny.yaml")
    let run = try Program.run(
      ["run", "tiny.yaml", "-o", "results", "--progress", "none"], in: folder.path)
    #expect(run.status == 0)
    let gate = try Program.run(
      ["gate", "results", "--claims", "gauntlet/claims.yaml"], in: folder.path)
    #expect(gate.status == 5 && gate.errors.isEmpty)
    #expect(gate.output.contains("krum-stops-model-replacement"))
    for line in try folder.text("gauntlet/claims.yaml").matches(of: /(attack|defense): ([a-z-]+)/) {
      #expect(
        try folder.text("gauntlet/scenario.yaml").contains("- \(line.2)\n")
          || folder.text("gauntlet/scenario.yaml").contains("id: \(line.2),"))
    }
  }

  @Test func filesThatAreThereStayUnlessForced() throws {
    #expect(try start().status == 0)
    try folder.write("mine\n", to: "gauntlet/claims.yaml")
    let refused = try start("--ci", "github")
    #expect(refused.status == 1 && refused.output.isEmpty)
    #expect(
      refused.errors
        == "gauntlet: gauntlet/scenario.yaml, gauntlet/claims.yaml: there already; --force replaces\n"
    )
    #expect(try folder.text("gauntlet/claims.yaml") == "mine\n")
    #expect(try folder.names() == ["gauntlet"])
    #expect(try start("--force").status == 0)
    #expect(try folder.text("gauntlet/claims.yaml").hasPrefix("# What has to hold"))
  }

  @Test func theWorkflow() throws {
    let outcome = try start("repo", "--ci", "github")
    #expect(outcome.status == 0)
    #expect(outcome.outputLines.last == "repo/.github/workflows/gauntlet.yml")
    #expect(outcome.errors.hasPrefix("next:\n  cd repo\n  gauntlet run gauntlet/scenario.yaml "))
    #expect(outcome.errors.contains("set the variable GAUNTLET_REPOSITORY"))
    let text = try folder.text("repo/.github/workflows/gauntlet.yml")
    #expect(!text.contains("\t"))
    #expect(text.contains("          repository: ${{ vars.GAUNTLET_REPOSITORY }}\n"))
    // No value of a variable is text of a shell command.
    for line in text.split(separator: "\n") where line.contains("run:") {
      #expect(!line.contains("${{"), "\(line)")
    }
    let named = try start("repo", "--ci", "github", "--repository", "some/gauntlet", "--force")
    #expect(named.status == 0 && !named.errors.contains("GAUNTLET_REPOSITORY"))
    let changed = try folder.text("repo/.github/workflows/gauntlet.yml")
    #expect(changed.contains("      - uses: some/gauntlet@v") && !changed.contains("vars."))
  }

  /// What the workflow hands to the action are inputs that the action has, and both are of this version.
  @Test(arguments: [[], ["--repository", "some/gauntlet"]])
  func theWorkflowFitsTheAction(_ options: [String]) throws {
    let version = try Program.run(["--version"], in: folder.path).output
      .trimmingCharacters(in: .whitespacesAndNewlines)
    #expect(
      try Program.run(["init", "--ci", "github"] + options, in: folder.path).status == 0)
    let text = try folder.text(".github/workflows/gauntlet.yml")
    #expect(
      text.contains("      - uses: some/gauntlet@v\(version)\n")
        || text.contains("          ref: v\(version)\n") && text.contains("- uses: ./.gauntlet\n"))
    let action = try String(
      contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../action.yml"), encoding: .utf8)
    #expect(action.contains("    default: \(version)\n"))
    let uses = try #require(
      text.range(of: "- uses: ./.gauntlet\n") ?? text.range(of: "- uses: some/gauntlet"))
    let inputs = text[uses.upperBound...].split(separator: "\n")
      .prefix { !$0.contains("- uses: actions/upload") }
      .compactMap { $0.firstMatch(of: #/^ {10}([a-z0-9-]+): /#)?.1 }
    #expect(inputs.count >= 3)
    for input in inputs { #expect(action.contains("\n  \(input):\n"), "\(input)") }
  }

  @Test func theWorkflowGatesAScenarioOfTheUser() throws {
    let missing = try start("--ci", "github", "--scenario", "experiments/mine.yaml")
    #expect(missing.status == 1 && missing.errors.contains("experiments/mine.yaml: no such file"))
    try FileManager.default.write(
      Array(TestScenario.tiny.utf8), to: "experiments/mine.yaml", in: folder.path)
    let outcome = try start("--ci", "github", "--scenario", "experiments/mine.yaml")
    #expect(outcome.status == 0)
    #expect(outcome.outputLines == [".github/workflows/gauntlet.yml"])
    #expect(outcome.errors.contains("gauntlet run experiments/mine.yaml -o results --fresh\n"))
    #expect(try folder.names().sorted() == [".github", "experiments"])
    let text = try folder.text(".github/workflows/gauntlet.yml")
    #expect(text.contains("          scenario: experiments/mine.yaml\n"))
    #expect(!text.contains("scenario.yaml") && !text.contains("claims:"))
    for path in ["/etc/x.yaml", "-x", "a b.yaml", "a;b", "$(x)", ""] {
      #expect(try start("--ci", "github", "--scenario", path).status == 64, "\(path)")
    }
  }

  @Test func quietIsSilent() throws {
    let outcome = try start("-q")
    #expect(outcome.status == 0 && outcome.output.isEmpty && outcome.errors.isEmpty)
  }

  @Test func namesOfFoldersAreEscaped() throws {
    let outcome = try start("a\u{202E}b")
    #expect(outcome.status == 0)
    #expect(outcome.outputLines.first == "a\\u{202e}b/gauntlet/scenario.yaml")
  }

  @Test func wrongUsage() throws {
    for options in [
      ["--repository", "gauntlet"], ["--ci", "gitlab"], ["--repository", "a/b", "a", "b"],
      ["--repository", "some/gauntlet"], ["--scenario", "mine.yaml"],
    ] {
      let outcome = try Program.run(["init"] + options, in: folder.path)
      #expect(outcome.status == 64 && outcome.output.isEmpty, "\(options)")
    }
    #expect(try folder.names().isEmpty)
  }

  @Test func whatIsInTheWayIsTold() throws {
    try folder.write("", to: "gauntlet")
    let file = try start()
    #expect(file.status == 1 && file.output.isEmpty)
    #expect(
      file.errors
        == "gauntlet: the file 'gauntlet' is in the way of a folder for gauntlet/scenario.yaml; move "
        + "it away, or name another folder: gauntlet init <folder>\n")
    // Nothing is written before all is looked at.
    try FileManager.default.removeItem(atPath: folder.path + "/gauntlet")
    try folder.write("", to: ".github")
    let workflow = try start("--ci", "github", "--force")
    #expect(workflow.status == 1 && workflow.errors.contains("the file '.github' is in the way"))
    #expect(try folder.names() == [".github"])
    try FileManager.default.createDirectory(
      atPath: folder.path + "/gauntlet/claims.yaml", withIntermediateDirectories: true)
    let claims = try start("--force")
    #expect(claims.status == 1)
    #expect(claims.errors.contains("the folder 'gauntlet/claims.yaml' is in the way of a file"))
  }
}
