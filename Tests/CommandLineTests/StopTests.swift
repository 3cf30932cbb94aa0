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
    #expect(outcome.errorLines.first?.hasPrefix("stopping after the rounds in hand") == true)
    #expect(
      outcome.errorLines.last?.hasSuffix(
        ": \(count) of 2000 trials are in results; the same command goes on") == true)
    #expect(outcome.output.hasPrefix("accuracy"))
  }
}
