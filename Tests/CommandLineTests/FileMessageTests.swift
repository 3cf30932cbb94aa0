import Foundation
import Testing
import _TestSupport

/// What is said about files that cannot be read or written.
@Suite struct FileMessageTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(TestScenario.tiny, to: "tiny.yaml")
    try folder.write("", to: "file")
    try FileManager.default.createDirectory(
      atPath: folder.path + "/empty", withIntermediateDirectories: true)
    try FileManager.default.write(
      NumPyFile.floats([[1], [2], [3]]), to: "m.npy", in: folder.path)
  }

  @Test func theMissingFolderIsNamed() throws {
    let results = try Program.run(["run", "tiny.yaml", "-o", "r", "-q"], in: folder.path)
    #expect(results.status == 0)
    for (arguments, message) in [
      (["aggregate", "--defense", "median", "m.npy", "-o", "no/such/o.npy"], "no/such"),
      (["baseline", "make", "r", "-o", "no/b.json"], "no"),
      (["gate", "r", "--claims", "claims.yaml", "--junit", "no/x.xml"], "no"),
      (["gate", "r", "--claims", "claims.yaml", "--summary", "no/x.md"], "no"),
    ] {
      try folder.write(TestClaims.text("learns", "accuracy.final: {min: 0}"), to: "claims.yaml")
      let outcome = try Program.run(arguments, in: folder.path)
      #expect(outcome.status == 1)
      #expect(
        outcome.errors.contains("cannot be written: there is no folder '\(message)'\n"),
        "\(outcome.errors)")
    }
  }

  @Test func whatIsNoFolderIsNamed() throws {
    let rows = try Program.run(
      ["aggregate", "--defense", "median", "m.npy", "-o", "file/o.npy"], in: folder.path)
    #expect(
      rows.errors == "gauntlet: file/o.npy: cannot be written: 'file' is no folder\n")
    let run = try Program.run(["run", "tiny.yaml", "-o", "file/x"], in: folder.path)
    #expect(run.errors == "gauntlet: file: is a file, and a folder is needed\n")
  }

  @Test func aFolderInPlaceOfABaseline() throws {
    _ = try Program.run(["run", "tiny.yaml", "-o", "r", "-q"], in: folder.path)
    let made = try Program.run(["baseline", "make", "r", "-o", "empty"], in: folder.path)
    #expect(made.status == 1)
    #expect(made.errors == "gauntlet: empty: is a folder, and a file is needed\n")
  }

  @Test func noMessageIsTheLibrarys() throws {
    try folder.write("\u{FEFF}", to: "bytes")
    for path in ["file", "empty", "none", "bytes"] {
      for arguments in [
        ["validate", path], ["run", path, "-o", "o"], ["gate", path, "--claims", path],
        ["compare", path, path], ["baseline", "show", path],
        ["aggregate", "--defense", "median", path], ["data", "verify", path],
      ] {
        let outcome = try Program.run(arguments, in: folder.path)
        #expect(outcome.status == 1, "\(arguments)")
        #expect(outcome.errors.hasPrefix("gauntlet: "))
        for word in ["Cocoa", "Error Domain", "operation could", "Optional("] {
          #expect(!outcome.errors.contains(word), "\(arguments): \(outcome.errors)")
        }
      }
    }
  }

  /// Control characters in a file are not repeated with the whole text around them.
  @Test func controlCharactersInAScenario() throws {
    try folder.write("name: \u{1}" + String(repeating: "x", count: 10_000), to: "s.yaml")
    let outcome = try Program.run(["validate", "s.yaml"], in: folder.path)
    #expect(outcome.status == 1)
    #expect(outcome.errors == "gauntlet: s.yaml: is not YAML: control characters are not allowed\n")
  }

  @Test(arguments: ["krum,f=2", "krum=2", "krum, f: 2"])
  func parametersFollowAColon(expression: String) throws {
    let outcome = try Program.run(["aggregate", "--defense", expression, "m.npy"], in: folder.path)
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("parameters follow a colon, such as krum:name=value"))
  }
}
