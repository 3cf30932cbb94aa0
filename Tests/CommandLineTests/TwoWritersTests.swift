import Determinism
import Foundation
import Testing
import _TestSupport

/// Two runs that are to write into one folder at the same time.
@Suite(.serialized) struct TwoWritersTests {
  private static let arguments = [
    "run", "tiny.yaml", "--seeds", "1..40", "--progress", "none", "-q", "-j", "1", "-o",
  ]
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(TestScenario.tiny, to: "tiny.yaml")
    let whole = try Program.run(Self.arguments + ["whole"], in: folder.path)
    #expect(whole.status == 0)
  }

  private func files(_ output: String) -> ResultFiles {
    ResultFiles(path: folder.path + "/" + output)
  }

  /// Starts two at once, again and again, and ends one or both in the middle, with and without notice.
  @Test func noLineIsLostOrDoubled() throws {
    var random = SeedPath(root: 12).child("writers").stream()
    var refusals = 0
    var counts = [0]
    for life in 0..<12 {
      let runs = try (0..<2).map { _ in
        try Program.Started(Self.arguments + ["shared"], in: folder.path)
      }
      let goal = (counts.last ?? 0) + 1 + random.index(below: 10)
      while runs.contains(where: \.process.isRunning), files("shared").lineCount < goal {
        Thread.sleep(forTimeInterval: 0.002)
      }
      for run in runs where run.process.isRunning {
        kill(run.process.processIdentifier, life.isMultiple(of: 2) ? SIGKILL : SIGTERM)
      }
      for run in runs {
        let outcome = try run.end()
        guard outcome.exited, outcome.status == 1 else { continue }
        #expect(outcome.errors.hasSuffix("gauntlet: shared: another run is writing there\n"))
        refusals += 1
      }
      counts.append(files("shared").lineCount)
    }
    #expect(refusals >= 6, "only \(refusals) of 12 pairs met")
    #expect(counts == counts.sorted(), "lines were lost: \(counts)")
    let last = try Program.run(Self.arguments + ["shared"], in: folder.path)
    #expect(last.status == 0, "\(last.errors)")
    let (shared, whole) = (try files("shared").essence(), try files("whole").essence())
    #expect(shared == whole)
    #expect(files("shared").lineCount == 160 && Set(shared.trials).count == 160)
    #expect(Set(shared.rounds).count == shared.rounds.count)
  }

  /// Two shards of one plan, one folder: the second one waits for its turn.
  @Test func shardsTakeTurnsInOneFolder() throws {
    let first = try Program.Started(
      Self.arguments + ["shared", "--shard", "1/2"], in: folder.path)
    while first.process.isRunning, files("shared").lineCount < 1 {
      Thread.sleep(forTimeInterval: 0.002)
    }
    let second = Self.arguments + ["shared", "--shard", "2/2"]
    let refused = try Program.run(second, in: folder.path)
    #expect(refused.status == 1 && refused.errors.contains("another run is writing there"))
    #expect(try first.end().status == 0)
    #expect(try Program.run(second, in: folder.path).status == 0)
    #expect(try files("shared").essence() == (try files("whole").essence()))
    #expect(try files("shared").manifest()["shard"] == nil)
  }
}
