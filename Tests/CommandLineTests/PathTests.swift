import Foundation
import Testing
import _TestSupport

/// Paths that no path function may trip over, in every place where a command takes one.
@Suite struct PathTests {
  /// `@` stands for the path.
  private static let commands = [
    "init @", "init @ --ci github", "validate @", "plan @", "plan tiny.yaml -o @",
    "run @ -o out --dry-run", "run tiny.yaml -o @ --progress none --only defense=mean --seeds 1",
    "run tiny.yaml -o @ --dry-run", "merge @ -o merged", "merge results -o @", "compare @ @",
    "compare results @", "gate @ --baseline b.json", "gate results --baseline @",
    "gate results --baseline b.json --claims @", "gate results --baseline b.json --junit @",
    "gate results --baseline b.json --summary @", "baseline make @ -o new.json",
    "baseline make results -o @", "baseline show @",
    "baseline accept --from @ --baseline b.json --reason r",
    "baseline accept --from results --baseline @ --reason r",
    "baseline prune --scenario @ --baseline b.json", "data verify @",
    "aggregate --defense mean @", "aggregate --defense mean m.npy -o @",
    "aggregate --defense fltrust m.npy --root @", "craft --attack sign-flip:f=1 @",
    "craft --attack sign-flip:f=1 m.npy -o @",
  ]

  private static let paths = [
    "x", "é", "b/", "a/b", "/", "//", ".", "..", "./", "../", "a\nb", "/x", " ", "~", "%2f",
    "a/\u{301}b", "\u{1F642}", "x/../x", String(repeating: "y", count: 5000),
    String(repeating: "z/", count: 2500), "", "-",
  ]

  /// A folder with a scenario, its results, their baseline and a matrix.
  private static func prepared() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(TestScenario.tiny, to: "tiny.yaml")
    try FileManager.default.write(
      NumPyFile.floats(AggregateTests.rows), to: "m.npy", in: folder.path)
    for line in [
      "run tiny.yaml -o results --progress none", "baseline make results -o b.json",
    ] {
      let outcome = try Program.run(line.split(separator: " ").map(String.init), in: folder.path)
      #expect(outcome.status == 0, "\(line): \(outcome.errors)")
    }
    return folder
  }

  @Test(arguments: paths) func noPathEndsACommandByASignal(path: String) throws {
    let folder = try Self.prepared()
    for command in Self.commands {
      // A test that runs as root could write to the root.
      if path.hasPrefix("/"), command.contains(/^init| (-o|--junit|--summary) @/) { continue }
      let arguments = command.split(separator: " ").map { $0 == "@" ? path : String($0) }
      let work = folder.path + "/w"
      try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: false)
      for name in ["tiny.yaml", "m.npy", "results", "b.json"] {
        try FileManager.default.copyItem(
          atPath: folder.path + "/" + name, toPath: work + "/" + name)
      }
      let outcome = try Program.run(arguments, in: work)
      #expect(
        outcome.exited && [0, 1, 2, 3, 5, 64].contains(outcome.status),
        "\(command) with '\(path.prefix(20))': \(outcome.status) \(outcome.errors.suffix(300))")
      #expect(outcome.status == 0 || !outcome.errors.isEmpty || !outcome.output.isEmpty)
      try FileManager.default.removeItem(atPath: work)
    }
  }

  /// Bytes that are no text, which a `Process` cannot pass on.
  @Test func pathsThatAreNoText() throws {
    let folder = try Self.prepared()
    for command in Self.commands {
      let line =
        "cd \"$(mktemp -d -p .)\" && cp -r ../tiny.yaml ../m.npy ../results ../b.json . && "
        + "$GAUNTLET " + command.replacing("@", with: "\"$(printf 'a\\377')\"")
      let outcome = try Program.shell(line, in: folder.path)
      #expect(
        outcome.exited && [0, 1, 2, 3, 5, 64].contains(outcome.status),
        "\(command): \(outcome.status) \(outcome.errors.suffix(300))")
    }
  }

  @Test(arguments: ["x", "é", "b/", "a/b", "./x", "x//"])
  func initWritesIntoShortFolders(name: String) throws {
    let folder = try TemporaryFolder()
    let outcome = try Program.run(["init", name], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let base = name.hasSuffix("/") ? name : name + "/"
    #expect(
      outcome.outputLines == [
        base + "gauntlet/scenario.yaml", base + "gauntlet/claims.yaml",
      ])
    #expect(try folder.text(base + "gauntlet/claims.yaml").hasPrefix("# What has to hold"))
  }

  /// What a link of one character points to is written; the link stays.
  @Test(arguments: [
    ("l", "t", "t"), ("l", "d/t", "d/t"), ("d/l", "t", "d/t"), ("d/l", "../t", "t"),
  ])
  func baselinesThroughShortLinks(link: String, target: String, file: String) throws {
    let folder = try Self.prepared()
    let files = FileManager.default
    try files.createDirectory(atPath: folder.path + "/d", withIntermediateDirectories: false)
    try files.createSymbolicLink(
      atPath: folder.path + "/" + link, withDestinationPath: target)
    let outcome = try Program.run(["baseline", "make", "results", "-o", link], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try folder.text(file).hasPrefix("{"))
    #expect(try files.destinationOfSymbolicLink(atPath: folder.path + "/" + link) == target)
  }

  @Test(arguments: [
    ("''", "folder"), ("\"a\\0b\"", "has a zero byte"), ("x", "no such file or folder"),
    ("\"/a\\0b\"", "has a zero byte"), ("a\\nb", "no such file or folder"),
  ])
  func pathsInScenarios(path: String, reason: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(
      TestScenario.tiny(
        "{use: gaussian-classes, features: 6, classes: 3, train: 120, test: 60}",
        "{use: idx, folder: \(path)}"), to: "tiny.yaml")
    let outcome = try Program.run(["validate", "tiny.yaml"], in: folder.path)
    #expect(outcome.status == 1 && outcome.errors.contains(reason), "\(outcome.errors)")
  }
}
