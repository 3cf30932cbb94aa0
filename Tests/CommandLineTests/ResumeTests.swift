import Foundation
import Testing
import _TestSupport

/// The same command again, in a folder that has results.
@Suite struct ResumeTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(TestScenario.tiny, to: "tiny.yaml")
  }

  private func run(_ options: [String] = [], to output: String = "results") throws
    -> Program.Outcome
  {
    try Program.run(
      ["run", "tiny.yaml", "-o", output, "--progress", "none"] + options, in: folder.path)
  }

  private func files(_ output: String = "results") -> ResultFiles {
    ResultFiles(path: folder.path + "/" + output)
  }

  /// Runs all of it into `whole`.
  private func whole(_ options: [String] = []) throws -> ResultFiles.Essence {
    #expect(try run(options, to: "whole").status == 0)
    return try files("whole").essence()
  }

  private func rewrite(_ name: String, _ change: (String) -> String) throws {
    let path = "results/" + name
    try folder.write(change(try folder.text(path)), to: path)
  }

  @Test func withEverythingThereNothingIsDone() throws {
    let first = try run()
    #expect(first.status == 0)
    let (log, rounds) = (try files().contents("trials.jsonl"), try files().contents("rounds.csv"))
    try FileManager.default.removeItem(atPath: folder.path + "/results/trials.csv")
    let second = try run()
    #expect(second.status == 0 && second.output == first.output)
    #expect(second.errors == "nothing to do: all 8 trials are in results\n")
    #expect(try files().contents("trials.jsonl") == log)
    #expect(try files().contents("rounds.csv") == rounds)
    #expect(try files().tableLines().count == 9)
    #expect(try files().manifest()["counts"] as? [String: Int] == ["ok": 8])
    #expect((try files().manifest()["files"] as? [String: String])?.count == 3)
  }

  @Test func halfALineAndHalfARowAreDropped() throws {
    let whole = try whole()
    _ = try run()
    try rewrite("trials.jsonl") { String($0.dropLast(300)) }
    try rewrite("rounds.csv") { $0 + String($0.suffix(40).prefix(30)) }
    let again = try run()
    #expect(again.status == 0)
    #expect(
      again.errorLines.prefix(2) == [
        "results: dropped the last line of trials.jsonl, which broke off",
        "resuming: 7 of 8 trials are there",
      ])
    #expect(try files().essence() == whole)
  }

  @Test(.ofLimits) func aFullDiskCostsNothingButTime() throws {
    let whole = try whole(["--seeds", "1..8"])
    _ = try run(["--seeds", "1..5"])
    // A limit on the size of files, just above what is there, acts as a full disk does.
    let limit = try files().contents("trials.jsonl").count / 512 + 20
    let outcome = try Program.shell(
      """
      trap '' XFSZ; ulimit -f \(limit)
      exec "$GAUNTLET" run tiny.yaml -o results --seeds 1..8 --progress none
      """, in: folder.path)
    #expect(outcome.status == 1 && outcome.errors.contains(": no space left to write: "))
    let count = try files().trials().count
    #expect(count > 20 && count < 32)
    #expect(outcome.errors.contains("results holds \(count) of 32 trials"))
    #expect(try files().contents("rounds.csv").last == UInt8(ascii: "\n"))
    #expect(try run(["--seeds", "1..8"]).status == 0)
    #expect(try files().essence() == whole)
  }

  @Test func selectionsAddUp() throws {
    let whole = try whole(["--seeds", "1..5"])
    let selections = [
      ["--only", "attack=backdoor defense=krum", "--seeds", "1"],
      ["--seeds", "1", "--skip", "defense=mean"],
      ["--seeds", "3"], ["--only", "defense=mean"], ["--seeds", "4..5"], ["--seeds", "1..5"],
    ]
    for selection in selections { #expect(try run(selection).status == 0) }
    let (parts, all) = (try files().trials(), try files("whole").trials())
    func last(_ trials: [[String: Any]]) -> [String: [String: Any]] {
      Dictionary(trials.map { ($0["key"] as? String ?? "", $0) }) { $1 }
    }
    #expect(last(parts).count == 20 && Set(last(parts).keys) == Set(last(all).keys))
    // What was implied at first and asked for later is implied no more.
    #expect(parts.first?["implied"] as? Bool == true)
    #expect(last(parts).values.allSatisfy { $0["implied"] == nil })
    // No line says how many seeds there were when it was written, and the table is written anew.
    #expect(
      try files().trials().allSatisfy {
        ($0["flags"] as? [String])?.contains("few-seeds") == false
      })
    #expect(whole.table.allSatisfy { !$0.contains("few-seeds") })
    #expect(try files().essence().table == whole.table)
    #expect(try files().essence().rounds == whole.rounds)
  }

  @Test func failedTrialsRunAgain() throws {
    let whole = try whole()
    _ = try run()
    // As if the last trial had failed: its line says so, and it has no rows.
    let key = try #require(try files().trials().last?["key"] as? String)
    try rewrite("trials.jsonl") { text in
      var lines = text.split(separator: "\n").map(String.init)
      lines[7] = lines[7].replacing(#""status":"ok""#, with: #""status":"error""#)
      return lines.map { $0 + "\n" }.joined()
    }
    try rewrite("rounds.csv") { text in
      text.split(separator: "\n").filter { !$0.hasPrefix(key.prefix(12)) }.map { $0 + "\n" }
        .joined()
    }
    let again = try run()
    #expect(again.status == 0 && again.errors.contains("resuming: 7 of 8 trials are there"))
    #expect(try files().trials().count == 9)
    let essence = try files().essence()
    #expect(essence.table == whole.table && essence.rounds == whole.rounds)
    #expect(essence.counts == ["ok": 8])
  }

  @Test func otherNumbersForATrialThatIsThereAreAnError() throws {
    _ = try run()
    try rewrite("trials.jsonl") { text in
      var lines = text.split(separator: "\n").dropLast().map(String.init)
      lines[4] = lines[4].replacing(
        /"parameters_sha256":".{8}/, with: #""parameters_sha256":"00000000"#)
      return lines.map { $0 + "\n" }.joined()
    }
    let outcome = try run()
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.contains(
        "none/mean, seed 2: same key, other numbers: this engine or machine is not deterministic"))
    #expect(try files().trials().count == 7)
  }

  @Test func anotherScenarioIsRefused() throws {
    _ = try run()
    let before = try files().contents("trials.jsonl")
    for (options, text) in [
      (["--set", "name=other"], "the results are of the scenario 'tiny', not 'other'"),
      (["--set", "task.local.lr=0.2"], "8 of 8 recorded trials, such as none/mean with seed 1"),
    ] {
      for more in [[], ["--dry-run"]] {
        let outcome = try run(options + more)
        #expect(outcome.status == 1 && outcome.output.isEmpty)
        #expect(outcome.errors.contains(text) && outcome.errors.contains("--fresh"))
      }
      let plan = try Program.run(
        ["plan", "tiny.yaml", "-o", "results"] + options, in: folder.path)
      #expect(plan.status == 1 && plan.errors.contains(text))
    }
    #expect(try files().contents("trials.jsonl") == before)
    try rewrite("run.json") { $0.replacing(/"engine" : \d+/, with: "\"engine\" : 999") }
    #expect(try run().errors.contains("the results are of engine 999 (gauntlet "))
  }

  @Test func otherParametersWithOtherSeedsAreRefused() throws {
    _ = try run(["--seeds", "1,2"])
    let before = try files().contents("trials.jsonl")
    for (option, difference) in [
      ("rounds=4", "rounds was 3, is 4"),
      ("task.dataset.train=90", "task.dataset.parameters.train was 120"),
      ("defenses=[mean, {use: krum, f: 0}]", "the defense 'krum': "),
    ] {
      let outcome = try run(["--seeds", "3,4", "--set", option])
      #expect(outcome.status == 1 && outcome.output.isEmpty)
      #expect(
        outcome.errors.contains(
          "the results were run with other parameters or data: \(difference)"))
      #expect(outcome.errors.contains("--fresh"))
    }
    #expect(try files().contents("trials.jsonl") == before)
    #expect(try run(["--seeds", "3,4"]).status == 0)
  }

  @Test func theManifestDescribesEverySelection() throws {
    _ = try run(["--only", "attack=none", "--set", "attacks=[none]"])
    _ = try run(["--only", "attack=sign-flip", "--set", "attacks=[none, sign-flip]"])
    _ = try run(["--only", "defense=median", "--set", "defenses=[mean, median]"])
    let scenario = try #require(try files().manifest()["scenario"] as? [String: Any])
    let combinations = try #require(scenario["resolved"] as? [[String: Any]])
    #expect(combinations.count == 1)
    func ids(_ list: String) -> Set<String> {
      let entries = combinations.first?[list] as? [[String: Any]] ?? []
      return Set(entries.compactMap { $0["id"] as? String })
    }
    #expect(ids("attacks") == ["none", "sign-flip", "backdoor"])
    #expect(ids("defenses") == ["mean", "krum", "median"])
  }

  @Test func plansWantAFolder() throws {
    let plan = try Program.run(["plan", "tiny.yaml", "-o", "tiny.yaml"], in: folder.path)
    #expect(plan.status == 1)
    #expect(plan.errors == "gauntlet: tiny.yaml: is a file, and a folder is needed\n")
  }

  @Test func aMissingFileIsNamed() throws {
    _ = try run()
    try FileManager.default.removeItem(atPath: folder.path + "/results/trials.jsonl")
    let outcome = try run()
    #expect(outcome.status == 1 && outcome.errors.contains("results/trials.jsonl: is missing"))
    #expect(try run(["--fresh"]).status == 0)
  }

  @Test func twoRunsDoNotShareAFolder() throws {
    let long = try Program.Started(
      ["run", "tiny.yaml", "-o", "results", "--seeds", "1..500", "--progress", "none"],
      in: folder.path)
    while long.process.isRunning, files().lineCount == 0 { Thread.sleep(forTimeInterval: 0.01) }
    for options in [[], ["--fresh"]] {
      let second = try run(["--seeds", "1..500"] + options)
      #expect(second.status == 1)
      #expect(second.errors == "gauntlet: results: another run is writing there\n")
    }
    long.process.terminate()
    #expect(try long.end().status == 75)
    #expect(try files().trials().count > 0)
  }

  // MARK: - Looking ahead

  @Test func plansTellWhatIsDone() throws {
    _ = try run(["--only", "attack=none", "--seeds", "1"])
    let plan = try Program.run(["plan", "tiny.yaml", "-o", "results"], in: folder.path)
    #expect(plan.status == 0)
    #expect(
      plan.outputLines.dropLast(3).map { $0.split(separator: " ").joined(separator: " ") } == [
        "cell seeds done rounds remark", "none/mean 2 1 3", "none/krum 2 1 3",
        "backdoor/mean 2 0 3", "backdoor/krum 2 0 3", "4 cells, 2 seeds, 8 trials, 24 rounds",
        "2 done, 6 to run (2 of those done run again for comparison), 24 rounds to run",
      ])
    let none = try Program.run(["plan", "tiny.yaml", "-o", "nowhere"], in: folder.path)
    #expect(
      plan.outputLines.last?.hasSuffix("estimated from the times of 2 finished trials") == true)
    #expect(none.outputLines.last?.contains("estimated from a timing of the model") == true)
    #expect(none.outputLines.dropLast(3).last == "0 done, 8 to run, 24 rounds to run")
  }

  @Test func dryRunsWriteNothing() throws {
    let dry = try run(["-n"])
    #expect(dry.status == 0 && dry.errors.isEmpty)
    #expect(try folder.names() == ["tiny.yaml"])
    _ = try run(["--only", "attack=none", "--seeds", "1"])
    let before = try files().contents("run.json")
    let rest = try run(["--dry-run"])
    #expect(
      rest.outputLines.dropFirst().compactMap { $0.split(separator: " ").last } == [
        "6", "2", "2", "24", "rounds",
      ])
    let fresh = try run(["--dry-run", "--fresh"])
    #expect(
      fresh.outputLines.dropFirst().compactMap { $0.split(separator: " ").last } == [
        "8", "0", "0", "24", "rounds",
      ])
    #expect(try files().contents("run.json") == before)
  }

  // MARK: - Ends

  @Test func theDeadlineEndsARunAsASignalDoes() throws {
    let outcome = try run(["--set", "rounds=1000000", "--deadline", "1s"])
    #expect(outcome.exited && outcome.status == 75 && outcome.output.isEmpty)
    #expect(
      outcome.errorLines.first
        == "the deadline is there: stopping; the next run goes on with trials in hand from their checkpoints, or anew"
    )
    #expect(
      outcome.errorLines.last?.hasSuffix(
        ": 0 of 8 trials are in results; the same command goes on") == true)
    #expect(try files().trials().isEmpty)
    // One that is far away changes nothing.
    #expect(try run(["--fresh", "--deadline", "3h50m"]).status == 0)
    #expect(try files().trials().count == 8)
  }

  @Test(arguments: [
    "", "0", "0s", "1x", "3h50", "50m3h", "-5", "1.5h", "4000d", "9999999999999999999",
  ])
  func deadlinesThatAreNone(text: String) throws {
    let outcome = try run(["--deadline=" + text])
    #expect(outcome.status == 64 && outcome.errors.contains("--deadline"))
    #expect(try folder.names() == ["tiny.yaml"])
  }

  @Test(arguments: ["90", "90s", "45m", "3h50m", "1d2h3m4s", "1d"])
  func deadlinesThatAreTimes(text: String) throws {
    #expect(try run(["--dry-run", "--deadline", text]).status == 0)
  }

  @Test func withoutAFailureNothingStops() throws {
    #expect(try run(["--fail-fast"]).status == 0)
    #expect(try files().trials().count == 8)
  }
}
