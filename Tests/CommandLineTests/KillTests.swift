import Determinism
import Foundation
import Testing
import _TestSupport

/// A run that is killed again and again, and started again each time.
@Suite(.serialized) struct KillTests {
  private static let arguments = [
    "run", "tiny.yaml", "--seeds", "1..60", "--set", "rounds=6", "--progress", "none", "-j", "2",
    "-o",
  ]

  private func start(_ folder: TemporaryFolder, _ output: String) throws -> Program.Started {
    try Program.Started(Self.arguments + [output], in: folder.path)
  }

  private func files(_ folder: TemporaryFolder, _ output: String) -> ResultFiles {
    ResultFiles(path: folder.path + "/" + output)
  }

  /// Runs without a disturbance and returns how long that took, in seconds.
  private func undisturbed(_ folder: TemporaryFolder) throws -> Double {
    try folder.write(TestScenario.tiny, to: "tiny.yaml")
    let begin = ContinuousClock.now
    let outcome = try start(folder, "whole").end()
    #expect(outcome.status == 0, "\(outcome.errors)")
    return (ContinuousClock.now - begin) / .seconds(1)
  }

  @Test func twentyKillsChangeNothing() throws {
    let folder = try TemporaryFolder()
    let time = try undisturbed(folder)
    let whole = try files(folder, "whole").essence()
    #expect(whole.trials.count == 240 && whole.counts == ["ok": 240])

    var random = SeedPath(root: 20).child("kills").stream()
    var hits = 0
    var counts: [Int] = []
    for life in 0..<20 {
      let before = counts.last ?? 0
      let run = try start(folder, "killed")
      if life.isMultiple(of: 2) {
        // While it starts, reads what is there and runs the first trials.
        Thread.sleep(forTimeInterval: random.unit() * time / 20)
      } else {
        // While it writes: however slow the machine is, some lives get somewhere.
        let goal = before + 1 + random.index(below: 8)
        while run.process.isRunning, files(folder, "killed").lineCount < goal {
          Thread.sleep(forTimeInterval: 0.002)
        }
        Thread.sleep(forTimeInterval: random.unit() * 0.01)
      }
      if run.process.isRunning {
        kill(run.process.processIdentifier, SIGKILL)
        hits += 1
      }
      _ = try run.end()
      counts.append(files(folder, "killed").lineCount)
    }
    #expect(hits >= 15, "\(hits) of 20 kills met a running process")
    #expect(counts == counts.sorted(), "a kill lost trials: \(counts)")
    #expect(Set(counts).count >= 10, "the kills came at the same place: \(counts)")

    let last = try start(folder, "killed").end()
    #expect(last.status == 0, "\(last.errors)")
    #expect(last.errors.contains(/resuming: \d+ of 240 trials are there/))
    let killed = try files(folder, "killed").essence()
    #expect(killed.trials == whole.trials)
    #expect(killed.table == whole.table)
    #expect(killed.rounds == whole.rounds)
    #expect(Set(killed.rounds).count == killed.rounds.count)
    #expect(killed.counts == whole.counts)
  }

  @Test func aSignalAndTheSameCommandMakeTheWhole() throws {
    let folder = try TemporaryFolder()
    let time = try undisturbed(folder)
    let run = try start(folder, "stopped")
    while run.process.isRunning, files(folder, "stopped").lineCount < 20 {
      Thread.sleep(forTimeInterval: time / 200)
    }
    run.process.terminate()
    let stopped = try run.end()
    #expect(stopped.status == 75)
    let count = files(folder, "stopped").lineCount
    #expect(count >= 20 && count < 240)
    let rest = try start(folder, "stopped").end()
    #expect(rest.status == 0)
    #expect(rest.errorLines.first == "resuming: \(count) of 240 trials are there")
    #expect(try files(folder, "stopped").essence() == (try files(folder, "whole").essence()))
  }
}
