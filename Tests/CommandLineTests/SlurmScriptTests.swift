import Foundation
import Testing
import _TestSupport

/// `slurm script`, with stand-ins for Slurm's commands; Tests/Slurm has the real ones.
@Suite struct SlurmScriptTests {
  private let folder: TemporaryFolder
  private static let scenario = "it's a $HOME \"study\".yaml"
  private static let results = "all of it/100% `x`"

  /// Stand-ins: `sbatch` keeps what it gets, `srun` drops its options, the others say what they are
  /// asked.
  private static let commands = [
    "sbatch": """
    n=$(($(ls -d "$FAKE"/job-* 2>/dev/null | wc -l) + 1))
    mkdir "$FAKE/job-$n"; cat >"$FAKE/job-$n/script"; printf '%s\\n' "$@" >"$FAKE/job-$n/options"
    echo "$n"
    """,
    "srun": "while [ \"${1#--}\" != \"$1\" ]; do shift; done; exec \"$@\"",
    "scancel": "echo \"scancel $*\" >>\"$FAKE/calls\"; kill -TERM \"$(cat \"$FAKE/pid\")\"",
    "squeue": "echo ${FAKE_STATE:-RUNNING}",
    "scontrol": "echo \"scontrol $*\" >>\"$FAKE/calls\"; exit 1",
    "sleep": "exit 0",
  ]

  init() throws {
    folder = try TemporaryFolder()
    try folder.write(TestScenario.tiny, to: Self.scenario)
    for name in ["bin", "fake"] {
      try FileManager.default.createDirectory(
        atPath: folder.path + "/" + name, withIntermediateDirectories: false)
    }
    for (name, text) in Self.commands {
      try folder.write("#!/bin/sh\n\(text)\n", to: "bin/\(name)")
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: folder.path + "/bin/" + name)
    }
  }

  private func script(_ options: String...) throws -> Program.Outcome {
    try Program.run(["slurm", "script", Self.scenario, "--shards"] + options, in: folder.path)
  }

  /// Runs a script in the place of Slurm.
  private func bash(_ script: String, _ environment: [String: String] = [:]) throws
    -> Program.Outcome
  {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return try Program.Started(
      [script], program: "/bin/bash", in: folder.path,
      environment: [
        "PATH": folder.path + "/bin:" + path, "FAKE": folder.path + "/fake",
      ].merging(environment) { $1 }
    ).end()
  }

  private func task(_ index: Int) -> [String: String] {
    ["SLURM_ARRAY_TASK_ID": "\(index)", "SLURM_JOB_ID": "77"]
  }

  @Test func theArrayHasTheOptionsThatWereAskedFor() throws {
    let outcome = try script(
      "64", "--concurrent", "16", "--seeds", "1..20", "--time", "1-4:00:00", "--partition", "a,b",
      "--account", "lab", "--memory", "4G", "--cpus", "2", "--sbatch", "qos=low")
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    for line in [
      "#SBATCH --job-name=it-s-a--HOME--study-", "#SBATCH --array=0-63%16", "#SBATCH --requeue",
      "#SBATCH --signal=B:TERM@120", "#SBATCH --time=1-4:00:00", "#SBATCH --partition=a,b",
      "#SBATCH --account=lab", "#SBATCH --mem=4G", "#SBATCH --cpus-per-task=2",
      "#SBATCH --qos=low",
    ] {
      #expect(outcome.outputLines.contains(line), "\(line)")
    }
    #expect(outcome.output.contains("--shard auto/64 --jobs 2"))
    #expect(outcome.output.contains("--seeds 1..20 --progress none"))
    #expect(!outcome.output.contains("gate"))
    #expect(try folder.names().sorted() == ["bin", "fake", Self.scenario].sorted())
  }

  @Test func whatItSubmitsRunsTheShardsAndJoinsThem() throws {
    try folder.write("claims: []", to: "my claims.yaml")
    let whole = try Program.run(["run", Self.scenario, "-o", "whole", "-q"], in: folder.path)
    #expect(whole.status == 0)
    let outcome = try script("3", "-o", Self.results)
    #expect(outcome.status == 0)
    try folder.write(outcome.output, to: "submit")
    let submitted = try bash("submit")
    #expect(
      submitted.output == "submitted 3 shards as job 1, and what joins them as job 2\n",
      "\(submitted.errors)")
    #expect(
      try folder.text("fake/job-1/options")
        == "--parsable\n--output\nall of it/100%% `x`/logs/shard-%a.txt\n")
    #expect(try folder.text("fake/job-2/options").contains("--dependency\nafterany:1\n"))
    for index in 0..<3 {
      let task = try bash("fake/job-1/script", task(index))
      #expect(task.status == 0, "\(task.errors)")
    }
    let merge = try bash("fake/job-2/script")
    #expect(merge.status == 0, "\(merge.errors)")
    #expect(merge.errors.contains("8 trials of 3 folders"))
    let merged = ResultFiles(path: folder.path + "/" + Self.results + "/merged")
    #expect(try merged.essence() == ResultFiles(path: folder.path + "/whole").essence())
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/fake/calls"))
  }

  /// A task of a run that takes long gets the signal of its time limit.
  @Test(arguments: ["RUNNING", "COMPLETING"])
  func aTaskWhoseTimeIsOverIsRequeuedUnlessItWasCancelled(state: String) throws {
    let outcome = try script("2", "-o", Self.results, "--seeds", "1..2000")
    try folder.write(outcome.output, to: "submit")
    #expect(try bash("submit").status == 0)
    // The stand-in of srun says whom scancel means.
    try folder.write(
      "#!/bin/sh\nwhile [ \"${1#--}\" != \"$1\" ]; do shift; done; echo $$ >\"$FAKE/pid\"; exec \"$@\"\n",
      to: "bin/srun")
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    let run = try hearingSignals {
      try Program.Started(
        ["fake/job-1/script"], program: "/bin/bash", in: folder.path,
        environment: [
          "PATH": folder.path + "/bin:" + path, "FAKE": folder.path + "/fake", "FAKE_STATE": state,
        ].merging(task(1)) { $1 })
    }
    let shard = ResultFiles(path: folder.path + "/" + Self.results + "/shards/1")
    while run.process.isRunning, shard.lineCount < 2 { Thread.sleep(forTimeInterval: 0.01) }
    run.process.terminate()
    let ended = try run.end()
    #expect(ended.exited && ended.status == 75, "\(ended.errors)")
    #expect(
      try folder.text("fake/calls").split(separator: "\n")
        == ["scancel --signal=TERM 77"] + (state == "RUNNING" ? ["scontrol requeue 77"] : []))
    #expect(try shard.manifest()["finished"] is String)
  }

  /// Starts a process that hears SIGTERM: the threads of tests block it, and processes inherit that.
  private func hearingSignals<Value>(_ body: () throws -> Value) rethrows -> Value {
    var (blocked, before) = (sigset_t(), sigset_t())
    unsafe sigemptyset(&blocked)
    unsafe sigaddset(&blocked, SIGTERM)
    unsafe pthread_sigmask(SIG_UNBLOCK, &blocked, &before)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    return try body()
  }

  @Test func aShellFindsNothingToSay() throws {
    let found = try Program.shell("command -v shellcheck", in: folder.path)
    guard found.status == 0 else { return }
    let outcome = try script("3", "-o", Self.results)
    try folder.write(outcome.output, to: "submit")
    #expect(try bash("submit").status == 0)
    for file in ["submit", "fake/job-1/script", "fake/job-2/script"] {
      let check = try Program.shell(
        "shellcheck --exclude SC2016 -s bash '\(file)'", in: folder.path)
      #expect(check.status == 0, "\(check.output)")
    }
  }

  @Test(arguments: [
    ("--time", "90"), ("--time", "90:30"), ("--time", "4:00:00"), ("--time", "1-12"),
    ("--time", "1-12:30"), ("--time", "0"), ("--time", "UNLIMITED"), ("--memory", "4096"),
    ("--memory", "512m"), ("--memory", "0"), ("--partition", "gpu-a100,cpu_2.long"),
    ("--account", "lab:sub+x"),
  ])
  func whatSlurmTakesIsTaken(option: String, value: String) throws {
    let outcome = try script("2", option, value)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let name = option == "--memory" ? "--mem" : option
    #expect(outcome.outputLines.contains("#SBATCH \(name)=\(value)"))
  }

  @Test(arguments: [
    (["1002"], 64, "an array has at most 1001 tasks here"),
    (["0"], 64, "--shards has to be a number from 1 to 1000000"),
    (
      ["2", "--time", "1h; rm"], 64, "--time takes a time as Slurm writes it, such as 90 (minutes)"
    ),
    (["2", "--time", "abc"], 64, "not 'abc'"), (["2", "--time", "4h"], 64, "not '4h'"),
    (["2", "--time", "1:2:3:4"], 64, "not '1:2:3:4'"), (["2", "--time", "1-"], 64, "not '1-'"),
    (["2", "--time", ":30"], 64, "not ':30'"), (["2", "--time=-5"], 64, "not '-5'"),
    (["2", "--memory", "lots"], 64, "--memory takes a size such as 4G or 512M"),
    (["2", "--memory", "4GiB"], 64, "not '4GiB'"), (["2", "--memory", "1.5G"], 64, "not '1.5G'"),
    (["2", "--memory=-4G"], 64, "not '-4G'"),
    (["2", "--partition", "a,,b"], 64, "--partition takes names of partitions"),
    (["2", "--partition", "a b"], 64, "not 'a b'"), (["2", "--partition", ""], 64, "not ''"),
    (["2", "--account", "a,b"], 64, "--account takes the name of an account"),
    (["2", "--account=-x"], 64, "not '-x'"),
    (["2", "--sbatch", "two words"], 64, "--sbatch takes one option"),
    (["2", "--sbatch", "x\n#SBATCH"], 64, "--sbatch takes one option"),
    (["2", "--sbatch", "array=1-9"], 64, "the script decides over 'array' itself"),
    (["2", "--sbatch", "dep=singleton"], 64, "over 'dependency' itself"),
    (["2", "--sbatch", "no-requeue"], 64, "over 'no-requeue' itself"),
    (["2", "--sbatch", "output=x"], 64, "over 'output' itself"),
    (["2", "--sbatch", "mem=2G", "--memory", "4G"], 64, "there is --memory as well"),
    (["2", "--sbatch", "time=9", "--time", "8"], 64, "there is --time as well"),
    (["2", "--sbatch", "part=b", "--partition", "a"], 64, "there is --partition as well"),
    (["2", "--sbatch", "acc=b", "--account", "a"], 64, "there is --account as well"),
    (["2", "--sbatch", "mem-per-cpu=2G", "--memory", "4G"], 64, "there is --memory as well"),
    (["2", "--sbatch", "mem-per-g=2G", "--memory", "4G"], 64, "there is --memory as well"),
    (["2", "-o", "a\nb"], 64, "has a character that no script can show"),
    (["2", "--only", "attack=nonsense"], 1, "nonsense"),
    (["2", "--baseline", "none.json"], 1, "none.json: no such file"),
    (["9"], 1, "the scenario has 8 trials; a shard needs one"),
  ])
  func whatCannotWorkIsRefused(options: [String], status: Int32, message: String) throws {
    let outcome = try Program.run(
      ["slurm", "script", Self.scenario, "--shards"] + options, in: folder.path)
    #expect(outcome.status == status && outcome.output.isEmpty)
    #expect(outcome.errors.contains(message), "\(outcome.errors)")
  }
}
