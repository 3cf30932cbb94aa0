import Foundation
import Testing
import _TestSupport

/// What a wrong command line is answered with.
@Suite struct UsageErrorTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func refused(_ arguments: [String]) throws -> [String] {
    let outcome = try Program.run(arguments, in: folder.path)
    #expect(outcome.status == 64 && outcome.output.isEmpty, "\(arguments)")
    return outcome.errorLines
  }

  @Test(arguments: [
    (["rnu", "a.yaml"], "there is no command 'rnu'; did you mean 'run'?"),
    (["baseline", "mkae"], "there is no command 'baseline mkae'; did you mean 'make'?"),
    (["help", "paln"], "there is no command 'paln'; did you mean 'plan'?"),
    (["help", "baseline", "shw"], "there is no command 'baseline shw'; did you mean 'show'?"),
    (["--verzion"], "there is no option '--verzion'; did you mean '--version'?"),
    // Not that a baseline is missing.
    (
      ["gate", "r", "--baselin", "b"], "there is no option '--baselin'; did you mean '--baseline'?"
    ),
    (["run", "a.yaml", "--jobz=2"], "there is no option '--jobz'; did you mean '--jobs'?"),
    (["gate", "r", "--qwertyuiop"], "there is no option '--qwertyuiop'"),
  ])
  func mistypedNames(arguments: [String], message: String) throws {
    let lines = try refused(arguments)
    #expect(lines.first == "Error: " + message)
    #expect(lines.last?.contains("--help' for more information.") == true)
  }

  @Test func unknownCommandsListTheKnown() throws {
    let lines = try refused(["frobnicate"])
    #expect(lines[0].hasPrefix("Error: there is no command 'frobnicate'; known: init, run, "))
  }

  @Test func mistypedValues() throws {
    let color = try refused(["run", "a.yaml", "-o", "o", "--color", "alwys"])
    #expect(color[0].hasSuffix("one of 'auto', 'always' or 'never'. Did you mean 'always'?"))
    let kind = try refused(["list", "attaks"])
    #expect(kind.contains("Did you mean 'attacks'?"))
    #expect(try !refused(["list", "zzz"]).contains { $0.contains("Did you mean") })
  }

  /// Of two values one would vanish without a word.
  @Test(arguments: [
    (["aggregate", "--defense", "krum:f=1", "u.npy", "--defense", "mean"], "--defense"),
    (["aggregate", "--defense=krum:f=1", "u.npy", "--defense", "mean"], "--defense"),
    (["aggregate", "u.npy", "--defense", "mean", "--root", "a", "--root", "b"], "--root"),
    (["craft", "h.npy", "--attack", "a:f=1", "--attack", "b:f=1"], "--attack"),
    (["craft", "h.npy", "--attack", "a:f=1", "--defense", "b", "--defense", "c"], "--defense"),
    (["replay", "d", "--defense", "mean", "-o", "a", "--output", "b"], "--output"),
    (["run", "a.yaml", "-o", "a", "-o", "a"], "--output"),
    (["run", "a.yaml", "-o", "a", "--only", "attack=x", "--only", "defense=y"], "--only"),
    (["run", "a.yaml", "-o", "a", "--dump-updates", "0", "--dump-updates", "1"], "--dump-updates"),
    (["gate", "r", "--baseline", "a", "--baseline", "b"], "--baseline"),
    (["doctor", "--format", "text", "--format", "json"], "--format"),
    (["run", "a.yaml", "-qo", "a", "-o", "b"], "--output"),
    (["run", "a.yaml", "-o", "a", "-qo", "b", "-q"], "--output"),
    (["baseline", "make", "r", "-o", "a", "--reason", "x", "--reason=y"], "--reason"),
    (
      [
        "submit", "pack", "r", "--all", "--who", "w", "-o", "o", "--licence", "a", "--license", "b",
      ], "--licence"
    ),
  ])
  func oneValueIsNotGivenTwice(arguments: [String], option: String) throws {
    let lines = try refused(arguments)
    #expect(lines[0] == "Error: \(option) is given twice, and takes one value")
    #expect(lines.contains { $0.hasPrefix("Usage: gauntlet \(arguments[0])") })
    #expect(lines.last?.hasPrefix("  See 'gauntlet \(arguments[0])") == true)
    #expect(try folder.names().isEmpty)
  }

  /// What may be repeated, and what only looks like an option.
  @Test(arguments: [
    ["gate", "r", "--claims", "a", "--claims", "b"],
    ["replay", "d", "--defense", "mean", "--defense", "median"],
    ["aggregate", "u.npy", "--stage", "nnm:f=1", "--stage", "nnm:f=2"],
    ["plugin", "check", "-q", "--", "--output", "--output"],
    ["run", "a.yaml", "-qo", "-o", "-q"],
  ])
  func whatMayBeRepeatedIs(arguments: [String]) throws {
    let outcome = try Program.run(arguments, in: folder.path)
    #expect(!outcome.errors.contains("is given twice"), "\(outcome.errors)")
  }

  /// What would have no effect is no option to give.
  @Test(arguments: [
    (["run", "a.yaml", "-o", "o", "--dump-format", "npz"], "--dump-format says how, and"),
    (["run", "a.yaml", "-o", "o", "--rounds", "--no-rounds"], "'--no-rounds'"),
    (["gate", "r", "--baseline", "b", "-q", "-v"], "--quiet prints one line, and --verbose"),
    (["compare", "r", "s", "-q", "-v"], "--quiet prints one line, and --verbose"),
    (["show", "r", "--format", "csv", "--width", "80"], "--width is that of text"),
    (["plan", "a.yaml", "--keys", "-o", "r"], "--keys lists trials, and --output"),
    (["validate", "a.yaml", "--json-schema"], "--json-schema checks nothing"),
  ])
  func optionsWithoutEffectAreRefused(arguments: [String], message: String) throws {
    #expect(try refused(arguments)[0].contains(message))
    #expect(try folder.names().isEmpty)
  }

  /// Every place in which ArgumentParser repeats what it was given.
  @Test(arguments: [
    ["X"], ["baseline", "X"], ["validate", "a.yaml", "X"], ["list", "X"], ["run", "--X"],
    ["run", "a.yaml", "-o", "o", "--color", "X"], ["run", "a.yaml", "-o", "o", "--color=X"],
    ["run", "a.yaml", "-o", "o", "--deadline", "X"], ["gate", "r", "--only", "X"],
    ["plan", "a.yaml", "--seeds", "X"], ["validate", "a.yaml", "--set", "X"],
    ["data", "verify", "--classes", "X"], ["init", "--ci", "X"], ["help", "X"],
  ])
  func argumentsAreNeverRepeatedRaw(arguments: [String]) throws {
    let hazards = "\u{1B}]0;t\u{7}\r\n\u{85}\u{9B}\u{202E}\u{2066}\u{200F}\u{61C}"
    for word in [hazards, hazards + String(repeating: "a", count: 5_000)] {
      let outcome = try Program.run(
        arguments.map { $0.replacing("X", with: word) }, in: folder.path)
      #expect(outcome.status == 64)
      for scalar in outcome.errors.unicodeScalars where scalar != "\n" {
        #expect(scalar.properties.generalCategory != .control, "\(arguments)")
        #expect(!(0x202A...0x202E).contains(scalar.value), "\(arguments)")
        #expect(![0x61C, 0x200F, 0x2066].contains(scalar.value), "\(arguments)")
      }
      #expect(outcome.errorLines.allSatisfy { $0.count < 1_000 }, "\(arguments)")
    }
  }

  @Test func longValuesAreCut() throws {
    try folder.write(TestScenario.tiny, to: "tiny.yaml")
    let long = String(repeating: "x", count: 100_000)
    for arguments in [
      ["validate", "tiny.yaml", "--set", "task.dataset=" + long],
      ["validate", "tiny.yaml", "--set", "task.local.lr=" + long],
      ["explain", long], ["list", long],
    ] {
      let outcome = try Program.run(arguments, in: folder.path)
      #expect(outcome.status == 1 || outcome.status == 64)
      #expect(outcome.errors.contains(String(repeating: "x", count: 80) + "…"))
      #expect(outcome.errors.utf8.count < 5_000, "\(arguments[0])")
    }
  }

  @Test func quietCommandsPrintAtMostOneLine() throws {
    try folder.write(TestScenario.tiny, to: "tiny.yaml")
    func lines(_ arguments: String...) throws -> (output: Int, errors: Int) {
      let outcome = try Program.run(arguments + ["-q"], in: folder.path)
      #expect(outcome.status == 0, "\(arguments): \(outcome.errors)")
      return (outcome.outputLines.count, outcome.errorLines.count)
    }
    #expect(try lines("run", "tiny.yaml", "-o", "r") == (0, 1))
    #expect(try lines("validate", "tiny.yaml") == (0, 0))
    #expect(try lines("plan", "tiny.yaml") == (1, 0))
    #expect(try lines("merge", "r", "-o", "m") == (0, 0))
    #expect(try lines("compare", "r", "m") == (1, 0))
    let made = try lines("baseline", "make", "r", "-o", "b.json")
    #expect(made.output == 0)
    #expect(try lines("gate", "r", "--baseline", "b.json") == (1, 0))
    // What goes wrong is told.
    #expect(
      try Program.run(["validate", "none.yaml", "-q"], in: folder.path).errorLines.count == 1)
  }
}
