import Foundation
import Testing
import _TestSupport

/// `run --shard` and what `merge` makes of it.
@Suite struct ShardTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(TestScenario.tiny("seeds: [1, 2]", "seeds: [1, 2, 3]"), to: "tiny.yaml")
  }

  @discardableResult
  private func gauntlet(
    _ arguments: String..., environment: [String: String] = [:]
  ) throws -> Program.Outcome {
    try Program.run(arguments, in: folder.path, environment: environment)
  }

  private func files(_ output: String) -> ResultFiles {
    ResultFiles(path: folder.path + "/" + output)
  }

  /// The files that equal runs have alike, in their order, without times.
  private func ordered(_ output: String) throws -> [[String]] {
    let files = files(output)
    let cost = /"cost\.[a-z]+":[^,}]+/
    return [
      try files.lines("trials.jsonl").map { $0.replacing(cost, with: "") },
      try files.essence().table, try files.lines("rounds.csv"),
    ]
  }

  @Test(arguments: [3, 5, 14]) func shardsMakeTheWholeInItsOrder(count: Int) throws {
    #expect(try gauntlet("run", "tiny.yaml", "-o", "whole", "-q").status == 0)
    for number in 1...count {
      let outcome = try gauntlet(
        "run", "tiny.yaml", "-o", "part-\(number)", "--shard", "\(number)/\(count)", "-q")
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    // As a shell sorts them: 10 before 2.
    let parts = (1...count).map { "part-\($0)" }.sorted()
    let outcome = try Program.run(["merge"] + parts + ["-o", "out"], in: folder.path)
    #expect(outcome.errors == "12 trials of \(count) folders, results in out\n")
    #expect(try ordered("out") == ordered("whole"))
    #expect(try files("out").manifest()["shard"] == nil)
    let again = try gauntlet("run", "tiny.yaml", "-o", "out")
    #expect(again.errors.contains("nothing to do: all 12 trials are in out"))
  }

  @Test func everyTrialIsInExactlyOneShardOfThePlan() throws {
    let whole = try gauntlet("plan", "tiny.yaml", "--keys").outputLines
    #expect(whole.count == 12)
    let parts = try (1...5).flatMap {
      try gauntlet("plan", "tiny.yaml", "--keys", "--shard", "\($0)/5").outputLines
    }
    #expect(parts == whole)
    let table = try gauntlet("plan", "tiny.yaml", "--shard", "2/3").outputLines
    #expect(table.count { $0.contains(/^\s*[123]\s+4\s+0\s+1\.00$/) } == 3, "\(table)")
    #expect(
      table.contains(
        "12 trials in 3 shards: the largest is 1.00 of an equal share, 0 trials run again for comparison"
      )
    )
    #expect(table.last?.hasPrefix("shard 2/3: about ") == true)
  }

  /// One is stopped in the middle, one broken off, one missing.
  @Test func whatIsMissingIsTold() throws {
    let part = ["run", "tiny.yaml", "--seeds", "1..500", "--progress", "none", "--shard"]
    let run = try Program.Started(part + ["2/3", "-o", "two"], in: folder.path)
    while run.process.isRunning, files("two").lineCount < 2 { Thread.sleep(forTimeInterval: 0.01) }
    run.process.terminate()
    let stopped = try run.end()
    #expect(stopped.exited && stopped.status == 75)
    let count = files("two").lineCount
    #expect(
      stopped.errorLines.last?.hasSuffix(
        ": \(count) of 667 trials of shard 2/3 are in two; the same command goes on") == true
        || stopped.errorLines.last?.contains("of shard 2/3 are in two") == true)
    let merge = try gauntlet("merge", "two", "-o", "out")
    #expect(merge.status == 0)
    #expect(
      merge.errorLines.first?.wholeMatch(of: /two: has \d+ of the \d+ trials of shard 2\/3/) != nil)
    #expect(merge.errorLines.dropFirst().first == "2 of 3 shards are missing: 1, 3")
    // The same command goes on, and others find the same cut.
    let rest = try Program.run(part + ["2/3", "-o", "two"], in: folder.path)
    #expect(rest.status == 0 && rest.errors.hasPrefix("resuming: "))
    #expect(try gauntlet("merge", "two", "-o", "out", "--fresh").errorLines.count == 2)
  }

  @Test func moreShardsThanTrialsLeaveSomeEmpty() throws {
    let outcome = try gauntlet("run", "tiny.yaml", "-o", "last", "--shard", "14/14")
    #expect(outcome.status == 0)
    #expect(outcome.errors == "nothing to do: all 0 trials of shard 14/14 are in last\n")
    #expect(try files("last").trials().isEmpty)
  }

  @Test(arguments: [
    [
      "SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_COUNT": "3", "SLURM_ARRAY_TASK_MIN": "5",
      "SLURM_ARRAY_TASK_MAX": "9", "SLURM_ARRAY_TASK_STEP": "2",
    ],
    ["SGE_TASK_ID": "2", "SGE_TASK_FIRST": "1", "SGE_TASK_LAST": "3", "SGE_TASK_STEPSIZE": "1"],
    ["LSB_JOBINDEX": "2", "LSB_JOBINDEX_END": "3"],
  ])
  func arrayJobsTellTheirShard(environment: [String: String]) throws {
    let outcome = try gauntlet(
      "plan", "tiny.yaml", "--keys", "--shard", "auto", environment: environment)
    #expect(
      try outcome.output
        == gauntlet("plan", "tiny.yaml", "--keys", "--shard", "2/3").output, "\(outcome.errors)")
  }

  @Test(arguments: [
    ("PBS_ARRAY_INDEX", "1", []), ("JOB_COMPLETION_INDEX", "1", []),
    ("PBS_ARRAYID", "2", ["--first-index", "1"]), ("SLURM_ARRAY_TASK_ID", "1", []),
    ("SGE_TASK_ID", "2", []), ("SGE_TASK_ID", "1", ["--first-index", "0"]),
    ("PARALLEL_SEQ", "2", []),
  ])
  func anIndexAndACountAreAShard(variable: String, value: String, options: [String]) throws {
    let outcome = try Program.run(
      ["plan", "tiny.yaml", "--keys", "--shard", "auto/3"] + options, in: folder.path,
      environment: [variable: value])
    #expect(
      try outcome.output
        == gauntlet("plan", "tiny.yaml", "--keys", "--shard", "2/3").output, "\(outcome.errors)")
  }

  @Test(arguments: [
    (["--shard", "0/3"], [:], "there is no part 0 of 3; they are 1/3 to 3/3"),
    (["--shard", "4/3"], [:], "there is no part 4 of 3; they are 1/3 to 3/3"),
    (["--shard", "1/2/3"], [:], "it has to be a part, such as 3/64, or auto, or auto/64"),
    (["--shard", "+1/3"], [:], "it has to be a part, such as 3/64"),
    (["--shard", "/3"], [:], "it has to be a part, such as 3/64"),
    (["--shard", "auto/"], [:], "it has to be a part, such as 3/64"),
    (["--shard", "3"], [:], "it has to be a part, such as 3/64"),
    (["--shard", "1/9999999999999999999"], [:], "a plan is cut into 1 to 1000000 parts"),
    (["--shard", "auto/0"], [:], "a plan is cut into 1 to 1000000 parts"),
    (["--shard", "auto"], [:], "--shard auto: this is no task of an array job"),
    (["--shard", "auto/2"], [:], "--shard auto/2: this is no task of an array job"),
    (["--shard", "auto/2"], [:], "say which part: --shard 1/2"),
    (["--shard", "auto"], ["SGE_TASK_ID": "undefined", "LSB_JOBINDEX": "0"], "this is no task"),
    (["--shard", "auto"], ["JOB_COMPLETION_INDEX": "1"], "Kubernetes does not tell how many"),
    (["--shard", "auto/3"], ["PBS_ARRAY_INDEX": "3"], "from 0 end with 2; an array from 1 takes"),
    (["--shard", "auto/3"], ["PBS_ARRAY_INDEX": "x\u{1B}"], "PBS_ARRAY_INDEX is 'x"),
    (
      ["--shard", "auto/3"], ["PBS_ARRAY_INDEX": "1", "PARALLEL_SEQ": "1"],
      "PBS_ARRAY_INDEX and PARALLEL_SEQ are set"
    ),
    (
      ["--shard", "auto"],
      [
        "SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_COUNT": "3", "SLURM_ARRAY_TASK_MIN": "1",
        "SLURM_ARRAY_TASK_MAX": "7",
      ],
      "do not follow each other"
    ),
    (
      ["--shard", "auto"],
      [
        "SLURM_ARRAY_TASK_ID": "17", "SLURM_ARRAY_TASK_COUNT": "1", "SLURM_ARRAY_TASK_MIN": "17",
        "SLURM_ARRAY_TASK_MAX": "17",
      ],
      "as if it was submitted again"
    ),
    (["--first-index", "1"], [:], "--first-index needs --shard auto/<count>"),
    (["--shard", "auto/3", "--first-index", "2"], [:], "has to be 0 or 1"),
    (["--shard-times", "whole"], [:], "--shard-times needs --shard"),
  ])
  func aWrongShardIsAUsageError(
    options: [String], environment: [String: String], message: String
  ) throws {
    let outcome = try Program.run(
      ["run", "tiny.yaml", "-o", "out"] + options, in: folder.path, environment: environment)
    #expect(outcome.status == 64 && outcome.errors.contains(message), "\(outcome.errors)")
    #expect(try folder.names() == ["tiny.yaml"])
  }

  @Test func timesOfResultsMoveTheCuts() throws {
    #expect(try gauntlet("run", "tiny.yaml", "-o", "whole", "-q").status == 0)
    // None with mean took a thousand seconds a round, the others next to nothing.
    try folder.write(
      try folder.text("whole/trials.jsonl").split(separator: "\n").map { line in
        line.replacing(
          /"cost\.seconds":[^,}]+/,
          with: "\"cost.seconds\":\(line.contains("\"cell\":\"none/mean\"") ? 1000 : 0.001)")
      }.joined(separator: "\n") + "\n", to: "whole/trials.jsonl")
    func parts(_ options: String...) throws -> [Int] {
      try (1...3).map { number in
        try Program.run(
          ["plan", "tiny.yaml", "--keys", "--shard", "\(number)/3"] + options, in: folder.path
        ).outputLines.count
      }
    }
    #expect(try parts() == [4, 4, 4])
    #expect(try parts("--shard-times", "whole").reduce(0, +) == 12)
    let table = try gauntlet("plan", "tiny.yaml", "--shard", "1/12", "--shard-times", "whole")
    #expect(table.output.contains(/the largest is 4\.0\d of an equal share/), "\(table.output)")
    #expect(
      try gauntlet("plan", "tiny.yaml", "--shard", "1/3", "--shard-times", "none").errors
        == "gauntlet: none: no such folder; 'gauntlet run' writes one\n")
  }
}
