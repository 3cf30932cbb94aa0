import ArgumentParser
import Diagnostics
import Foundation
import Markup
import Reporting
import Simulation

struct SlurmCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slurm", abstract: "Writes what runs a scenario on a Slurm cluster.",
    subcommands: [SlurmScriptCommand.self])
}

struct SlurmScriptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "script",
    abstract:
      "Prints a script that runs a scenario as an array job, and joins and gates its parts.",
    usage: "gauntlet slurm script <scenario> --shards <number> [options]",
    discussion: """
      Submits nothing: read it, then run it with bash where the jobs are to run. A task whose time is \
      over stops with whole files and is requeued until its shard is done; when all tasks have ended, \
      a job joins their results in <folder>/merged and gates them. Run once more, the script goes on \
      with what is missing.
      """)

  @OptionGroup var options: ScenarioOptions

  @Option(help: ArgumentHelp("How many parts, one task each.", valueName: "number"))
  var shards: Int

  @Option(
    help: ArgumentHelp(
      "How many tasks an array may have here: MaxArraySize of 'scontrol show config'.",
      valueName: "number"))
  var maxArray = 1001

  @Option(help: ArgumentHelp("How many tasks run at once.", valueName: "number"))
  var concurrent: Int?

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "The folder for all results. (default: results/<scenario>)", valueName: "folder"))
  var output: String?

  @Option(help: ArgumentHelp("Cores of a task.", valueName: "number"))
  var cpus = 1

  @Option(help: ArgumentHelp("Memory of a task, such as 4G.", valueName: "size"))
  var memory: String?

  @Option(
    help: ArgumentHelp(
      "The time limit of a task, as Slurm writes it, such as 4:00:00; a shard may take longer.",
      valueName: "time"))
  var time: String?

  @Option(help: ArgumentHelp("Partitions to take.", valueName: "name"))
  var partition: String?

  @Option(help: ArgumentHelp("Whom to charge.", valueName: "name"))
  var account: String?

  @Option(
    help: ArgumentHelp(
      "Another option of sbatch for all jobs, such as qos=low; may be repeated.",
      valueName: "option"))
  var sbatch: [String] = []

  @Option(help: ArgumentHelp("Gate the joined results against this baseline.", valueName: "file"))
  var baseline: String?

  @Option(help: ArgumentHelp("Gate them with these claims; may be repeated.", valueName: "file"))
  var claims: [String] = []

  func validate() throws {
    try options.requireScenario()
    if options.scenario == "-" {
      throw ValidationError(
        "the jobs read the scenario themselves: name a file, not standard input")
    }
    for (name, number) in [
      ("--shards", shards), ("--max-array", maxArray), ("--concurrent", concurrent ?? 1),
      ("--cpus", cpus),
    ] where number < 1 || number > PlanShard.countLimit {
      throw ValidationError("\(name) has to be a number from 1 to \(PlanShard.countLimit)")
    }
    if shards > maxArray {
      throw ValidationError(
        "--shards \(shards): an array has at most \(maxArray) tasks here (--max-array); fewer "
          + "shards hold the same trials")
    }
    let files = [options.scenario, output ?? "results", baseline ?? "b"] + claims
    if files.contains("") { throw ValidationError("the name of a file or folder is empty") }
    let all = files + [options.only, options.skip, options.seeds].compactMap(\.self)
    // Quoting spells such characters out, and then it is another name.
    for text in all + options.overrides where Printable.escaped(text) != text {
      throw ValidationError("'\(excerpt(text))' has a character that no script can show")
    }
    // What sbatch would refuse only when somebody submits, it may be days later.
    let checks: [(String, String?, (String) -> Bool, String)] = [
      (
        "--memory", memory, SlurmValue.isSize,
        "a size such as 4G or 512M; a number alone counts megabytes"
      ),
      (
        "--time", time, SlurmValue.isTime,
        "a time as Slurm writes it, such as 90 (minutes), 4:00:00 or 1-12"
      ),
      (
        "--partition", partition, SlurmValue.areNames,
        "names of partitions, with commas between them"
      ),
      ("--account", account, SlurmValue.isName, "the name of an account"),
    ]
    for (name, value, isValid, form) in checks {
      guard let value, !isValid(value) else { continue }
      throw ValidationError("\(name) takes \(form), not '\(excerpt(value))'")
    }
    for option in sbatch where option.wholeMatch(of: /[a-z][!-~]*/) == nil {
      throw ValidationError(
        "--sbatch takes one option, such as qos=low, not '\(excerpt(option))'")
    }
    try refuseOwnOptions()
  }

  /// Options that the script depends on: its own would be given twice, and the last one counts.
  private static let own = [
    "array", "chdir", "cpus-per-task", "dependency", "help", "job-name", "no-requeue", "nodes",
    "ntasks", "open-mode", "output", "parsable", "requeue", "signal", "test-only", "usage",
    "version", "wrap",
  ]

  private func refuseOwnOptions() throws {
    let given = [
      ("time", time, ["time"]), ("memory", memory, Self.memories),
      ("partition", partition, ["partition"]), ("account", account, ["account"]),
    ].filter { $0.1 != nil }
    for option in sbatch {
      // sbatch takes the beginning of a name for the name.
      let name = option.prefix { $0 != "=" }
      if let twin = given.first(where: { $0.2.contains { $0.hasPrefix(name) } }) {
        throw ValidationError("--sbatch \(excerpt(option)): there is --\(twin.0) as well")
      }
      guard let whole = Self.own.first(where: { $0.hasPrefix(name) }) else { continue }
      throw ValidationError(
        "--sbatch \(excerpt(option)): the script decides over '\(whole)' itself")
    }
  }

  /// Slurm takes one of them alone.
  private static let memories = ["mem", "mem-per-cpu", "mem-per-gpu"]

  func run() throws {
    try reportingErrors {
      let trials = try options.counts().trials
      if shards > trials {
        throw Failure(
          "--shards \(shards): the scenario has \(counted(trials, "trial")); a shard needs one")
      }
      for file in [baseline].compactMap(\.self) + claims
      where !FileManager.default.fileExists(atPath: file) {
        throw Failure("\(file): no such file")
      }
      var script = SlurmScript(
        program: Self.program, scenario: UserPath.plain(options.scenario), selection: selection,
        results: "", shards: shards, concurrent: concurrent,
        directives: [partition.map { "--partition=" + $0 }, account.map { "--account=" + $0 }]
          .compactMap(\.self) + sbatch.map { "--" + $0 },
        time: time, cpus: cpus, memory: memory, baseline: baseline.map(UserPath.plain),
        claims: claims.map(UserPath.plain),
        trials: counted(trials, "trial"),
        invocation: RunInfo.invocation.map(ShellWord.quoted).joined(separator: " "))
      script.results = UserPath.plain(output ?? "results/" + script.name)
      try Console.print(script.text)
    }
  }

  /// What `run` is told to take of the scenario.
  private var selection: [String] {
    [("--only", options.only), ("--skip", options.skip), ("--seeds", options.seeds)]
      .flatMap { name, value in value.map { [name, $0] } ?? [] }
      + options.overrides.flatMap { ["--set", $0] }
  }

  /// This program as the jobs find it, too.
  private static var program: String {
    let name = CommandLine.arguments.first ?? "gauntlet"
    return name.contains("/") ? URL(fileURLWithPath: name).standardizedFileURL.path : name
  }
}

extension UserPath {
  /// The path so that no program takes it for an option.
  fileprivate static func plain(_ path: String) -> String {
    path.hasPrefix("-") ? "./" + path : path
  }
}
