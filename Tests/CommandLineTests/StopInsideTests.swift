import Foundation
import Testing
import _TestSupport

/// Signals and deadlines inside one step that would take hours.
@Suite struct StopInsideTests {
  /// Scenarios whose first round does not end in any test.
  private static let endless: [(name: String, text: String)] = [
    (
      "the training of a client",
      TestScenario.tiny("{batch: 10, lr: 0.1}", "{steps: 10000000, batch: 10, lr: 0.000001}")
    ),
    (
      "the training of many clients",
      TestScenario.tiny("train: 120", "train: 40000")
        .replacing("{batch: 10, lr: 0.1}", with: "{epochs: 1000, batch: 1, lr: 0.000001}")
        .replacing("count: 6", with: "count: 20000")
    ),
    (
      "an evaluation",
      TestScenario.tiny(
        "  - krum\n",
        "  - {id: noisy, use: mean, finishers: [{use: crfl, "
          + "sigma: 0.01, samples: 1000000}]}\n"
      )
      .replacing("test: 60", with: "test: 100000")
    ),
    (
      "a defense",
      TestScenario.tiny("  - krum\n", "  - {use: bulyan, f: 1}\n")
        .replacing("count: 6", with: "count: 4000").replacing("train: 120", with: "train: 4000")
    ),
    (
      "drawing data",
      TestScenario.tiny("train: 120", "train: 30000000")
    ),
  ]

  @Test(.timeLimit(.minutes(5)), arguments: endless.indices)
  func aSignalInsideAStepEndsTheRun(index: Int) throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.endless[index].text, to: "s.yaml")
    let arguments = ["run", "s.yaml", "-o", "results", "--progress", "none", "-j", "2"]
    let run = try Program.Started(arguments, in: folder.path)
    while run.process.isRunning,
      !FileManager.default.fileExists(atPath: folder.path + "/results/run.json")
    {
      Thread.sleep(forTimeInterval: 0.01)
    }
    Thread.sleep(forTimeInterval: 1)
    run.process.terminate()
    let outcome = try run.end()
    #expect(outcome.exited && outcome.status == 75, "\(Self.endless[index].name) \(outcome.errors)")
    #expect(outcome.errorLines.last?.hasSuffix("; the same command goes on") == true)
    let files = ResultFiles(path: folder.path + "/results")
    let count = try files.trials().count
    #expect(try files.tableLines().count == count + 1)
    #expect(try files.manifest()["finished"] is String)
    // What comes after it goes on there.
    let second = try Program.run(arguments + ["--deadline", "1s"], in: folder.path)
    #expect(second.exited && second.status == 75, "\(second.errors)")
    #expect(try files.trials().count >= count)
  }

  /// The second combination is endless; the first one is recorded and stays.
  @Test(.timeLimit(.minutes(5))) func whatWasFinishedStays() throws {
    let folder = try TemporaryFolder()
    let text =
      TestScenario.tiny("{batch: 10, lr: 0.1}", "{steps: 2, batch: 10, lr: 0.1}")
      + "matrix:\n  task.local.steps: [2, 10000000]\n"
    try folder.write(text, to: "s.yaml")
    let arguments = ["run", "s.yaml", "--progress", "none", "-j", "1", "-o"]
    let run = try Program.Started(arguments + ["stopped"], in: folder.path)
    let stopped = ResultFiles(path: folder.path + "/stopped")
    while run.process.isRunning, stopped.lineCount < 8 { Thread.sleep(forTimeInterval: 0.01) }
    Thread.sleep(forTimeInterval: 0.3)
    run.process.terminate()
    #expect(try run.end().status == 75)
    let only = ["--only", "task.local.steps=2"]
    let whole = try Program.run(arguments + ["whole"] + only, in: folder.path)
    #expect(whole.status == 0, "\(whole.errors)")
    let again = try Program.run(arguments + ["stopped"] + only, in: folder.path)
    #expect(again.status == 0, "\(again.errors)")
    #expect(
      try stopped.essence().trials
        == (try ResultFiles(path: folder.path + "/whole").essence().trials)
    )
  }

  /// Nobody ever writes the scenario.
  @Test(.timeLimit(.minutes(2)), arguments: [["--deadline", "1s"], []])
  func aProgramThatWaitsForItsScenarioEnds(options: [String]) throws {
    let folder = try TemporaryFolder()
    #expect(try Program.shell("mkfifo s.yaml", in: folder.path).status == 0)
    let run = try Program.Started(["run", "s.yaml", "-o", "results"] + options, in: folder.path)
    if options.isEmpty {
      // Not before it heeds signals, which nothing tells.
      Thread.sleep(forTimeInterval: 1.5)
      run.process.terminate()
    }
    let outcome = try run.end()
    if outcome.exited {
      #expect(outcome.status == 75 && outcome.errors.contains("results is as it was"))
    } else {
      #expect(options.isEmpty && outcome.status == SIGTERM)
    }
    #expect(try folder.names() == ["s.yaml"])
  }
}
