import Foundation
import Testing
import _TestSupport

/// What happens to the files of a run while it writes them, and to files that it must not touch.
@Suite struct LostFileTests {
  private let folder: TemporaryFolder
  private var files: ResultFiles { ResultFiles(path: folder.path + "/results") }

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(TestScenario.tiny, to: "tiny.yaml")
  }

  private func shell(_ line: String) throws -> Program.Outcome {
    try Program.shell(line, in: folder.path)
  }

  /// Starts a long run and does something to its files after some trials.
  private func disturbed(_ action: (Process) throws -> Void) throws -> Program.Outcome {
    let run = try Program.Started(
      ["run", "tiny.yaml", "-o", "results", "--seeds", "1..200", "--progress", "none"],
      in: folder.path)
    while run.process.isRunning, files.lineCount < 3 { Thread.sleep(forTimeInterval: 0.005) }
    try action(run.process)
    return try run.end()
  }

  @Test(arguments: ["rm results/trials.jsonl", "truncate -s 900 results/trials.jsonl"])
  func theLogIsDeletedOrCut(action: String) throws {
    let outcome = try disturbed { _ in _ = try shell(action) }
    #expect(outcome.exited && outcome.status == 1, "\(outcome.errors)")
    #expect(
      outcome.errors.contains(
        "gauntlet: results/trials.jsonl: was deleted, replaced or changed while the run wrote it: it "
          + "lacks "))
    #expect(outcome.errors.contains(/finished trials: \w+\/\w+ with seed \d+/), "\(outcome.errors)")
    let again = try shell(
      "\"$GAUNTLET\" run tiny.yaml -o results --seeds 1,2 --progress none"
        + (action.hasPrefix("rm") ? " --fresh" : ""))
    #expect(again.status == 0, "\(again.errors)")
  }

  @Test func aLogOfTheSameLengthIsReadAtTheEnd() throws {
    // The last trial is there, and nothing else is to be written.
    let outcome = try disturbed { process in
      let edit = """
        while [ "$(wc -l < results/trials.jsonl)" -lt 20 ]; do sleep 0.01; done
        printf '{"Absent":' | dd of=results/trials.jsonl conv=notrunc bs=1 status=none
        """
      _ = try shell(edit)
      process.terminate()
    }
    #expect(outcome.exited && outcome.status == 1)
    #expect(outcome.errors.contains("results/trials.jsonl: was deleted, replaced or changed while"))
    #expect(outcome.errors.contains("lacks 1 of "))
  }

  @Test func theRoundsAreDeleted() throws {
    let outcome = try disturbed { process in
      _ = try shell("rm results/rounds.csv")
      process.terminate()
    }
    #expect(outcome.exited && outcome.status == 1)
    #expect(outcome.errors.contains("results/rounds.csv: was deleted, replaced or changed while"))
    let again = try shell("\"$GAUNTLET\" run tiny.yaml -o results --seeds 1,2 --progress none")
    #expect(again.status == 0, "\(again.errors)")
  }

  // MARK: - Links

  @Test(arguments: ["ln -s", "ln"]) func freshLeavesWhatALinkLeadsToAlone(command: String) throws {
    let made = try shell(
      """
      "$GAUNTLET" run tiny.yaml -o other --progress none && cp -r other before && mkdir results &&
      for name in trials.jsonl run.json rounds.csv trials.csv; do
        \(command) "$PWD/other/$name" results/$name || exit 1
      done
      "$GAUNTLET" run tiny.yaml -o results --fresh --seeds 7 --progress none
      """)
    #expect(made.status == 0, "\(made.errors)")
    #expect(try shell("diff -r other before").status == 0)
    #expect(try files.trials().count == 4)
  }

  @Test func goingOnLeavesHardLinksAlone() throws {
    let made = try shell(
      """
      "$GAUNTLET" run tiny.yaml -o other --progress none && cp -r other before && mkdir results &&
      ln other/* results/ &&
      "$GAUNTLET" run tiny.yaml -o results --seeds 1..3 --progress none
      """)
    #expect(made.status == 0, "\(made.errors)")
    #expect(try shell("diff -r other before").status == 0)
    #expect(try files.trials().count == 12)
  }

  // MARK: - Limits and signals

  @Test(.ofLimits) func aFileThatMayNotGrowIsAnErrorAndTheRunGoesOn() throws {
    let limited = try shell(
      "ulimit -f 16; \"$GAUNTLET\" run tiny.yaml -o results --seeds 1..20 --progress none")
    #expect(limited.exited && limited.status == 1, "\(limited.errors)")
    #expect(limited.errors.contains("no space left to write: File too large"))
    let count = try files.trials().count
    #expect(count > 0 && count < 80)
    let rest = try shell("\"$GAUNTLET\" run tiny.yaml -o results --seeds 1..20 --progress none")
    #expect(rest.status == 0, "\(rest.errors)")
    #expect(try files.trials().count == 80)
  }

  @Test func theEndOfTheTerminalStopsARun() throws {
    let outcome = try disturbed { kill($0.processIdentifier, SIGHUP) }
    #expect(outcome.exited && outcome.status == 75)
    #expect(outcome.errors.contains("the same command goes on"))
    #expect(try files.manifest()["finished"] is String)
    // As nohup starts it.
    let ignoring = try shell(
      """
      trap '' HUP
      "$GAUNTLET" run tiny.yaml -o kept --seeds 1..20 --progress none & pid=$!
      sleep 0.1; kill -HUP $pid; wait $pid
      """)
    #expect(ignoring.status == 0, "\(ignoring.errors)")
  }

  @Test(.ofLimits) func aMergeThatFailsLeavesNothing() throws {
    let made = try shell(
      """
      "$GAUNTLET" run tiny.yaml -o one --seeds 1..10 --progress none &&
      "$GAUNTLET" run tiny.yaml -o two --seeds 11..20 --progress none &&
      "$GAUNTLET" run tiny.yaml -o there --seeds 1 --progress none && cp -r there before
      """)
    #expect(made.status == 0, "\(made.errors)")
    let names = try folder.names()
    for output in ["new", "new/folder", "there --fresh"] {
      let failed = try shell("ulimit -f 16; \"$GAUNTLET\" merge one two -o \(output)")
      #expect(failed.exited && failed.status == 1, "\(failed.errors)")
      #expect(failed.errors.contains("no space left to write"))
      #expect(try folder.names() == names, "\(output)")
      #expect(try shell("diff -r there before").status == 0)
    }
    let whole = try shell("\"$GAUNTLET\" merge one two -o there --fresh")
    #expect(whole.status == 0, "\(whole.errors)")
    #expect(try ResultFiles(path: folder.path + "/there").trials().count == 80)
    #expect(try shell("ls -A there").outputLines.count == 4)
  }
}
