import Foundation
import Testing
import _TestSupport

/// `plugin new`: what an own method starts from.
@Suite struct PluginNewTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func new(_ words: String...) throws -> Program.Outcome {
    try Program.run(["plugin", "new"] + words, in: folder.path)
  }

  @Test(arguments: ["defense", "attack", "trainer"])
  func writesAScriptItsModuleAScenarioAndAReadme(kind: String) throws {
    let outcome = try new(kind, "my-own")
    #expect(outcome.status == 0)
    #expect(
      outcome.outputLines == [
        "my-own/my_own.py", "my-own/gauntlet_worker.py", "my-own/my-own.yaml", "my-own/README.md",
      ])
    #expect(
      outcome.errors
        == "next:\n  cd my-own\n  gauntlet plugin check -- python3 my_own.py\n"
        + "  gauntlet run my-own.yaml -o results\n")
    let script = try folder.text("my-own/my_own.py")
    #expect(script.contains("@\(kind)(name=\"my-own\", version=\"1\""))
    #expect(script.hasPrefix("\"\"\"my-own: ") && script.hasSuffix("\n\n\nrun()\n"))
    #expect(script.split(separator: "\n").allSatisfy { $0.count <= 100 })
    #expect(
      try folder.text("my-own/gauntlet_worker.py").contains("def serve(worker: Optional["))
    let scenario = try folder.text("my-own/my-own.yaml")
    #expect(scenario.contains("exec: [python3, my_own.py]"))
    #expect(scenario.contains("schema: gauntlet/scenario/1\n") && !scenario.contains("\n\n"))
  }

  @Test func nothingIsReplaced() throws {
    try FileManager.default.write(Array("mine\n".utf8), to: "other/my-own.yaml", in: folder.path)
    let refused = try new("defense", "my-own", "-o", "other")
    #expect(refused.status == 1 && refused.output.isEmpty)
    #expect(
      refused.errors == "gauntlet: other/my-own.yaml: there already; nothing was written\n")
    #expect(try folder.names() == ["other"])
    #expect(try folder.text("other/my-own.yaml") == "mine\n")
    #expect(try new("defense", "my-own", "-q").output.isEmpty)
    #expect(try new("attack", "my-own").status == 1)
    #expect(try folder.text("my-own/my_own.py").contains("@defense("))
  }

  @Test(arguments: [
    ("krum", "a method 'krum' already"), ("sign-flip", "a method 'sign-flip' already"),
    ("random", "hide Python's own module 'random'"), ("numpy", "module 'numpy'"),
    ("gauntlet-worker", "gauntlet_worker.py is the module that the script imports"),
  ])
  func namesThatMeanSomethingElseAreRefused(name: String, words: String) throws {
    let outcome = try new("defense", name)
    #expect(outcome.status == 1 && outcome.errors.contains(words))
    #expect(try folder.names().isEmpty)
  }

  @Test(arguments: ["My", "a_b", "-a", "a--b", "a-", "9a", "../x", "é", ""])
  func namesHaveSmallLettersDigitsAndHyphens(name: String) throws {
    #expect(try new("defense", "--", name).status == 64)
    #expect(try folder.names().isEmpty)
  }

  @Test func aKindThatIsNoneGetsASuggestion() throws {
    let outcome = try new("defence", "x")
    #expect(outcome.status == 64 && outcome.errors.contains("Did you mean 'defense'?"))
  }
}
