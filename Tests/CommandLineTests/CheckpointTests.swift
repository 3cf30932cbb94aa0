import Foundation
import Testing
import _TestSupport

/// Runs that are killed in the middle of trials, and go on there.
@Suite(.serialized) struct CheckpointTests {
  /// Four trials of many rounds, one seed: none and backdoor, mean and a rule that remembers.
  private static let scenario = TestScenario.tiny("- krum", "- flanders")
  private static let arguments = [
    "run", "long.yaml", "--seeds", "1", "--set", "rounds=60", "--set",
    "threat.window={start: 30, stop: 50}", "--progress", "none", "-j", "1", "-o",
  ]

  private func names(_ folder: TemporaryFolder, _ output: String) -> [String] {
    let path = folder.path + "/" + output + "/checkpoints"
    return ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
      .filter { $0.hasSuffix(".checkpoint") }
  }

  @Test func killsInTheMiddleOfTrialsChangeNothing() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.scenario, to: "long.yaml")
    let whole = try Program.run(Self.arguments + ["whole", "--verdicts"], in: folder.path)
    #expect(whole.status == 0, "\(whole.errors)")
    #expect(names(folder, "whole").isEmpty)

    let arguments = Self.arguments + ["killed", "--checkpoint", "0s", "--verdicts"]
    var resumed = 0
    for life in 0..<8 {
      let run = try Program.Started(arguments, in: folder.path)
      while run.process.isRunning, names(folder, "killed").count < 1 + life / 3 {
        Thread.sleep(forTimeInterval: 0.002)
      }
      Thread.sleep(forTimeInterval: 0.01 * Double(life))
      if run.process.isRunning { kill(run.process.processIdentifier, SIGKILL) }
      let outcome = try run.end()
      if outcome.errors.contains("after round") { resumed += 1 }
      #expect(!outcome.errors.contains("not used"), "\(outcome.errors)")
    }
    let last = try Program.run(arguments, in: folder.path)
    #expect(last.status == 0, "\(last.errors)")
    #expect(resumed > 0)
    func files(_ output: String) -> ResultFiles { ResultFiles(path: folder.path + "/" + output) }
    #expect(try files("killed").essence() == files("whole").essence())
    #expect(
      try files("killed").lines("verdicts.csv").sorted()
        == files("whole").lines("verdicts.csv").sorted())
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/killed/checkpoints"))
  }

  @Test func aFileThatIsNoneIsNotUsed() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.scenario, to: "long.yaml")
    let arguments = Self.arguments + ["out", "--checkpoint", "0s"]
    let run = try Program.Started(arguments, in: folder.path)
    while run.process.isRunning, names(folder, "out").isEmpty {
      Thread.sleep(forTimeInterval: 0.002)
    }
    kill(run.process.processIdentifier, SIGKILL)
    _ = try run.end()
    for name in names(folder, "out") {
      try folder.write("no checkpoint", to: "out/checkpoints/" + name)
    }
    let again = try Program.run(arguments, in: folder.path)
    #expect(again.status == 0)
    #expect(again.errors.contains("is not used: it is not whole; its rounds are played again"))
    let whole = try Program.run(Self.arguments + ["whole"], in: folder.path)
    #expect(whole.status == 0)
    #expect(
      try ResultFiles(path: folder.path + "/out").essence()
        == ResultFiles(path: folder.path + "/whole").essence())
  }

  /// A run of fewer trials does not cost the others what they have.
  @Test func checkpointsOfTrialsThatAreNotSelectedStay() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.scenario, to: "long.yaml")
    let arguments = Self.arguments + ["out", "--checkpoint", "0s"]
    let run = try Program.Started(
      arguments + ["--only", "attack=none defense=flanders"], in: folder.path)
    // That of none/mean, which it is compared to, comes first.
    while run.process.isRunning, names(folder, "out").count < 2 {
      Thread.sleep(forTimeInterval: 0.002)
    }
    kill(run.process.processIdentifier, SIGKILL)
    _ = try run.end()
    let kept = names(folder, "out")
    #expect(kept.count == 2)
    let other = try Program.run(arguments + ["--only", "defense=mean"], in: folder.path)
    #expect(other.status == 0, "\(other.errors)")
    let left = names(folder, "out")
    #expect(!left.isEmpty && left.allSatisfy(kept.contains), "\(left)")
    let again = try Program.run(
      arguments + ["--only", "attack=none defense=flanders"], in: folder.path)
    #expect(again.status == 0 && again.errors.contains("after round"), "\(again.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/out/checkpoints"))
  }

  @Test func freshAndNeverLeaveNone() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.scenario, to: "long.yaml")
    let run = try Program.Started(
      Self.arguments + ["out", "--checkpoint", "0s"], in: folder.path)
    while run.process.isRunning, names(folder, "out").isEmpty {
      Thread.sleep(forTimeInterval: 0.002)
    }
    kill(run.process.processIdentifier, SIGKILL)
    _ = try run.end()
    #expect(!names(folder, "out").isEmpty)
    let fresh = try Program.run(
      Self.arguments + ["out", "--checkpoint", "never", "--fresh"], in: folder.path)
    #expect(fresh.status == 0 && !fresh.errors.contains("after round"))
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/out/checkpoints"))
  }

  @Test(arguments: ["-1s", "often", "1w", ""]) func aTimeThatIsNoneIsAUsageError(
    _ value: String
  ) throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.scenario, to: "long.yaml")
    let outcome = try Program.run(
      Self.arguments + ["out", "--checkpoint=\(value)"], in: folder.path)
    #expect(outcome.status == 64 && outcome.errors.contains("--checkpoint"), "\(outcome.errors)")
  }

  /// A folder of checkpoints that nobody can write to costs no trial.
  @Test func whereNoneCanBeWrittenTheRunGoesOn() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.scenario, to: "long.yaml")
    try FileManager.default.createDirectory(
      atPath: folder.path + "/out", withIntermediateDirectories: true)
    try folder.write("a file", to: "out/checkpoints")
    let outcome = try Program.run(Self.arguments + ["out", "--checkpoint", "0s"], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("no checkpoint could be written"))
  }
}
