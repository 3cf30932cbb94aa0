import Foundation
import Testing
import _TestSupport

/// Where results and numbers go, and what happens when they cannot.
@Suite struct OutputTests {
  private func scenario() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(TestScenario.tiny, to: "tiny.yaml")
    return folder
  }

  @Test func resultsThatAreThereStayUnlessFresh() throws {
    let folder = try scenario()
    let arguments = ["run", "tiny.yaml", "-o", "results"]
    #expect(try Program.run(arguments, in: folder.path).status == 0)
    let before = try ResultFiles(path: folder.path + "/results").contents("trials.jsonl")
    let other = try Program.run(arguments + ["--set", "rounds=4"], in: folder.path)
    #expect(other.status == 1 && other.output.isEmpty)
    #expect(
      other.errors == """
        gauntlet: results: 8 of 8 recorded trials, such as none/mean with seed 1, were run with \
        other parameters or data: rounds was 3, is 4; --fresh replaces them, or take another \
        folder

        """)
    #expect(
      try ResultFiles(path: folder.path + "/results").contents("trials.jsonl") == before)
    // A bad scenario costs no results either.
    let bad = try Program.run(
      arguments + ["--fresh", "--set", "clients.count=0"], in: folder.path)
    #expect(bad.status == 1)
    #expect(
      try ResultFiles(path: folder.path + "/results").contents("trials.jsonl") == before)
    let fresh = try Program.run(arguments + ["--fresh", "--seeds", "1"], in: folder.path)
    #expect(fresh.status == 0)
    #expect(try ResultFiles(path: folder.path + "/results").trials().count == 4)
  }

  @Test func aFileWhereAFolderHasToBe() throws {
    let folder = try scenario()
    for path in ["tiny.yaml", "tiny.yaml/results"] {
      let outcome = try Program.run(["run", "tiny.yaml", "-o", path], in: folder.path)
      #expect(outcome.status == 1 && outcome.output.isEmpty)
      #expect(outcome.errors == "gauntlet: tiny.yaml: is a file, and a folder is needed\n")
    }
    #expect(try folder.text("tiny.yaml") == TestScenario.tiny)
  }

  @Test(.disabled(if: getuid() == 0, "root may write anywhere"))
  func aFolderThatIsNotWritable() throws {
    let folder = try scenario()
    let closed = folder.path + "/closed"
    try FileManager.default.createDirectory(
      atPath: closed, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o555])
    for path in ["closed", "closed/results"] {
      let outcome = try Program.run(["run", "tiny.yaml", "-o", path], in: folder.path)
      #expect(outcome.status == 1 && outcome.output.isEmpty)
      #expect(outcome.errors.contains("cannot be written: Permission denied"))
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: closed).isEmpty)
  }

  /// A limit on the size of files acts as a full disk does.
  @Test(.ofLimits) func aFullDiskLeavesWholeLines() throws {
    let folder = try scenario()
    let outcome = try Program.shell(
      """
      trap '' XFSZ; ulimit -f 16
      exec "$GAUNTLET" run tiny.yaml -o results --seeds 1..50 --progress none
      """, in: folder.path)
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(outcome.errors.contains(": no space left to write: "))
    #expect(outcome.errors.contains(/results holds \d+ of 200 trials/))
    let files = ResultFiles(path: folder.path + "/results")
    #expect(try files.trials().count < 200)
    #expect(try files.contents("rounds.csv").last == UInt8(ascii: "\n"))
    #expect(try files.manifest()["finished"] == nil)
  }

  @Test(.enabled(if: AggregateTests.hasFullDevice, "needs /dev/full"))
  func aFullStandardOutputIsAnError() throws {
    let folder = try scenario()
    for command in ["list metrics", "explain krum", "plan tiny.yaml", "run tiny.yaml -o results"] {
      let outcome = try Program.shell("\"$GAUNTLET\" \(command) > /dev/full", in: folder.path)
      #expect(outcome.status == 1, "\(command)")
      #expect(outcome.errors.contains("standard output: cannot be written: no space left"))
    }
    // The results are whole all the same.
    #expect(try ResultFiles(path: folder.path + "/results").trials().count == 8)
    #expect(try ResultFiles(path: folder.path + "/results").manifest()["finished"] is String)
  }

  @Test func aReaderThatHasSeenEnough() throws {
    let folder = try scenario()
    for command in ["list metrics --format json", "run tiny.yaml -o results"] {
      let outcome = try Program.shell(
        "(\"$GAUNTLET\" \(command); echo \"code $?\" >&2) | true", in: folder.path)
      #expect(outcome.errors.contains("code 0"), "\(outcome.errors)")
    }
    #expect(try ResultFiles(path: folder.path + "/results").trials().count == 8)
  }

  /// A closed stream gives its number to the next file that is opened.
  @Test func closedStreamsDoNotEndUpInResults() throws {
    let folder = try scenario()
    let outcome = try Program.shell(
      "\"$GAUNTLET\" run tiny.yaml -o results --progress bar <&- >&- 2>&-", in: folder.path)
    #expect(outcome.status == 0)
    let files = ResultFiles(path: folder.path + "/results")
    #expect(try files.trials().count == 8)
    for name in ["trials.jsonl", "trials.csv", "rounds.csv", "run.json"] {
      let text = String(decoding: try files.contents(name), as: UTF8.self)
      #expect(!text.contains("is better") && !text.contains("results in"))
    }
  }
}
