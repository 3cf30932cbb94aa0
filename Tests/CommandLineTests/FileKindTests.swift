import Foundation
import Testing
import _TestSupport

/// What is no regular file is refused at once: a device has no end, and a pipe no writer.
@Suite(.recordedResults) struct FileKindTests {
  private let folder: TemporaryFolder

  init() throws { folder = try RecordedResults.copy() }

  private func run(_ line: String) throws -> Program.Outcome {
    // Whatever goes wrong ends.
    try Program.shell("timeout 60 \"$GAUNTLET\" \(line)", in: folder.path)
  }

  /// Puts a device or a pipe in place of a file.
  private func put(_ kind: String, at name: String) throws {
    let line =
      kind == "pipe"
      ? "rm -f \(name) && mkfifo \(name)" : "rm -f \(name) && ln -s /dev/zero \(name)"
    #expect(try Program.shell(line, in: folder.path).status == 0)
  }

  @Test(.timeLimit(.minutes(5)), arguments: ["device", "pipe"])
  func resultsThatAreNone(kind: String) throws {
    for name in ["trials.jsonl", "run.json"] {
      try put(kind, at: "results/\(name)")
      for line in [
        "gate results --baseline baseline.json", "compare results results",
        "merge results -o joined", "baseline make results -o new.json",
        "run tiny.yaml -o results --progress none", "run tiny.yaml -o results --dry-run",
      ] {
        let outcome = try run(line)
        #expect(outcome.status == 1, "\(line) with \(name): \(outcome.errors)")
        #expect(
          outcome.errors
            == "gauntlet: results/\(name): cannot be read: is a \(kind), and a regular "
            + "file is needed\n", "\(line)")
      }
      let whole = try RecordedResults.copy()
      try FileManager.default.removeItem(atPath: folder.path + "/results")
      try FileManager.default.copyItem(
        atPath: whole.path + "/results", toPath: folder.path + "/results")
    }
    try put(kind, at: "results/rounds.csv")
    #expect(try run("run tiny.yaml -o results --progress none").status == 1)
    #expect(try run("merge results -o joined").status == 1)
  }

  @Test(.timeLimit(.minutes(2)), arguments: ["device", "pipe"])
  func otherInput(kind: String) throws {
    try put(kind, at: "baseline.json")
    let reason = "is a \(kind), and a regular file is needed\n"
    for line in [
      "gate results --baseline baseline.json", "baseline show baseline.json",
      "baseline accept --from results --baseline baseline.json --reason x",
    ] {
      let outcome = try run(line)
      #expect(outcome.status == 1 && outcome.errors.hasSuffix(reason), "\(line): \(outcome.errors)")
    }
    try put(kind, at: "rows.npy")
    let rows = try run("aggregate --defense mean rows.npy")
    #expect(rows.status == 1 && rows.errors.hasSuffix(reason), "\(rows.errors)")
    try put("device", at: "tiny.yaml")
    for line in ["validate tiny.yaml", "gate results --claims tiny.yaml"] {
      let outcome = try run(line)
      #expect(outcome.status == 1, "\(line)")
      #expect(outcome.errors.contains("is a device, and a regular file is needed"), "\(line)")
    }
  }

  @Test func aScenarioMayBeAPipeOfTheShell() throws {
    let line = "cat tiny.yaml | \"$GAUNTLET\" validate -"
    #expect(try Program.shell(line, in: folder.path).status == 0)
    let pipe = "mkfifo p && (cat tiny.yaml > p &) && \"$GAUNTLET\" validate p"
    #expect(try Program.shell(pipe, in: folder.path).status == 0)
  }

  @Test func aLineWithoutEnd() throws {
    let made = try Program.shell(
      "head -c 20000000 /dev/zero | tr '\\0' ' ' > results/trials.jsonl", in: folder.path)
    #expect(made.status == 0)
    let outcome = try run("gate results --baseline baseline.json")
    #expect(outcome.status == 1)
    #expect(
      outcome.errors == "gauntlet: results/trials.jsonl:1: the line is longer than 16 MiB\n")
  }
}
