import Foundation
import Testing
import _TestSupport

/// Signals in the middle of a run.
@Suite struct StopTests {
  /// Starts a run of many trials, sends the signal after the first recorded one, and waits.
  private func stop(
    _ folder: TemporaryFolder, by send: (Process) -> Void
  ) throws -> Program.Outcome {
    try folder.write(TestScenario.tiny, to: "tiny.yaml")
    let run = try Program.Started(
      ["run", "tiny.yaml", "-o", "results", "--seeds", "1..500", "--progress", "none"],
      in: folder.path)
    let path = folder.path + "/results/trials.jsonl"
    while run.process.isRunning {
      let size = (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
      if let size, size > 0 { break }
      Thread.sleep(forTimeInterval: 0.01)
    }
    send(run.process)
    return try run.end()
  }

  @Test(arguments: ["SIGINT", "SIGTERM"])
  func aSignalEndsTheRunWithWholeFiles(signal: String) throws {
    let folder = try TemporaryFolder()
    let outcome = try stop(folder) {
      if signal == "SIGINT" { $0.interrupt() } else { $0.terminate() }
    }
    #expect(outcome.exited && outcome.status == 75)
    let files = ResultFiles(path: folder.path + "/results")
    let count = try files.trials().count
    #expect(count > 0 && count < 2000)
    #expect(try files.tableLines().count == count + 1)
    let manifest = try files.manifest()
    #expect(manifest["counts"] as? [String: Int] == ["ok": count])
    #expect(manifest["finished"] is String)
    #expect(
      outcome.errorLines.first?.hasPrefix(
        "stopping: the next run goes on with trials in hand from their checkpoints, or anew")
        == true)
    #expect(
      outcome.errorLines.last?.hasSuffix(
        ": \(count) of 2000 trials are in results; the same command goes on") == true)
    #expect(outcome.output.hasPrefix("accuracy"))
    // Flags of the seeds that are there, not of those that were to come.
    let rows = try files.tableLines().dropFirst().map { $0.split(separator: ",") }
    for (_, rows) in Dictionary(grouping: rows, by: { $0[1] }) {
      #expect(rows.allSatisfy { $0.contains { $0.contains("few-seeds") } == (rows.count < 5) })
    }
  }

  /// The scenario is a pipe, so that the program is still reading when the signal comes.
  @Test(.timeLimit(.minutes(2)), arguments: ["SIGINT", "SIGTERM"])
  func aSignalWhileTheScenarioIsReadEndsTheRun(signal: String) throws {
    let folder = try TemporaryFolder()
    #expect(try Program.shell("mkfifo tiny.yaml", in: folder.path).status == 0)
    let run = try Program.Started(["run", "tiny.yaml", "-o", "results"], in: folder.path)
    // Opens when the other end does.
    let pipe = try FileHandle(forWritingTo: URL(fileURLWithPath: folder.path + "/tiny.yaml"))
    if signal == "SIGINT" { run.process.interrupt() } else { run.process.terminate() }
    while run.process.isRunning, try run.errorsSoFar().isEmpty {
      Thread.sleep(forTimeInterval: 0.01)
    }
    try pipe.write(contentsOf: Data(TestScenario.tiny.utf8))
    try pipe.close()
    let outcome = try run.end()
    #expect(outcome.exited && outcome.status == 75 && outcome.output.isEmpty)
    #expect(
      outcome.errorLines.first?.hasPrefix(
        "stopping: the next run goes on with trials in hand from their checkpoints, or anew")
        == true)
    #expect(
      outcome.errorLines.last
        == "stopped before the first trial: results is as it was; the same command goes on")
    #expect(try folder.names() == ["tiny.yaml"])
  }

  /// A pipe to which nobody writes is no reason to be deaf.
  @Test(.timeLimit(.minutes(2)), arguments: ["TERM", "HUP"])
  func aSignalEndsAWaitForTheScenario(signal: String) throws {
    let folder = try TemporaryFolder()
    // Not before the program has opened the pipe, which takes a sanitized one seconds.
    let line = """
      mkfifo tiny.yaml; "$GAUNTLET" run tiny.yaml -o results & pid=$!
      for i in $(seq 100); do
        ls -l /proc/$pid/fd 2>&1 | grep -q tiny.yaml && break; sleep 0.1
      done
      kill -\(signal) $pid; wait $pid
      """
    let outcome = try Program.shell(line, in: folder.path)
    #expect(outcome.status == 75)
    #expect(
      outcome.errorLines.last
        == "stopped before the first trial: results is as it was; the same command goes on")
    #expect(try folder.names() == ["tiny.yaml"])
  }
}
