import Foundation
import Testing
import _TestSupport

/// Defenses and attacks in other processes, from the command line and in scenarios.
@Suite struct ExternalTests {
  /// The worker that the documentation shows, so that what it shows is right.
  private static func documentedWorker() throws -> String {
    let page = try DocumentationPage("\(DocumentationPage.articles)/WorkerProtocol.md")
    return try #require(page.blocks.last { $0.language == "python" }).text
  }

  /// A folder with that worker and a matrix.
  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    try folder.write(try Self.documentedWorker(), to: "mean.py")
    try FileManager.default.write(
      NumPyFile.floats([[1, 2, 3], [3, 4, 8]]), to: "m.npy", in: folder.path)
    return folder
  }

  // MARK: - One matrix

  @Test(arguments: [
    "exec:python3 mean.py", "exec:transport=inline python3 mean.py", "exec:python3 './mean.py' -v",
    "exec:f=1 timeout=30 params.k=3 python3 mean.py",
  ])
  func aRuleOnAMatrix(expression: String) throws {
    let folder = try folder()
    let outcome = try Program.run(
      ["aggregate", "--defense", expression, "m.npy"], in: folder.path)
    #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(outcome.output == "2.0\n3.0\n5.5\n")
  }

  @Test func stagesComeBeforeIt() throws {
    let folder = try folder()
    let outcome = try Program.run(
      ["aggregate", "--stage", "nnm:f=0", "--defense", "exec:python3 mean.py", "--json", "m.npy"],
      in: folder.path)
    #expect(outcome.status == 0 && outcome.output.contains("\"disposition\":\"not-judged\""))
  }

  @Test(arguments: [
    ("exec:", "'exec:' names no program, such as exec:python3 my.py"),
    ("exec:python3 'mean.py", "a quote is not closed"),
    ("exec:tmeout=3 python3 mean.py", "unknown parameter 'tmeout'; did you mean 'timeout'?"),
    ("exec:memory=lots python3 mean.py", "memory is 'lots'; it has to be an amount of at least"),
    ("exec:memory=1 python3 mean.py", "memory is '1'; it has to be an amount of at least 1 MiB"),
    ("exec:memory=2MiB python3 mean.py", "; 'memory' limits its addresses to 2 MiB: give it more"),
    ("exec:python3 maen.py", "there is no file 'maen.py'; did you mean 'mean.py'?"),
    ("exec:python3 -B ./maen.py", "there is no file './maen.py'; did you mean './mean.py'?"),
    ("exec:python3 -m nonesuch", "No module named nonesuch"),
    ("exec:pyhton3 mean.py", "there is no program 'pyhton3' on the PATH; did you mean 'python3'?"),
    ("exec:./mean.py", "'./mean.py' cannot be executed; allow it with chmod +x"),
    ("exec:./maen.py", "there is no file './maen.py'; did you mean './mean.py'?"),
    ("exec:/tmp", "'/tmp' is no file that could be executed"),
    ("exec:files=[none.txt] python3 mean.py", "there is no file 'none.txt'"),
    ("exec:f=1000001 python3 mean.py", "f is '1000001'; it has to be a whole number from 0 to"),
    ("external", "such as 'exec:python3 my.py'"),
    ("external:f=2", "such as 'exec:f=2 python3 my.py'"),
    ("external:exec=python3 mean.py,f=2", "such as 'exec:f=2 python3 mean.py'"),
  ])
  func whatIsWrongIsSaid(expression: String, reason: String) throws {
    let folder = try folder()
    let outcome = try Program.run(
      ["aggregate", "--defense", expression, "m.npy", "-o", "out.npy"], in: folder.path)
    #expect(outcome.status == 1 && outcome.output.isEmpty)
    #expect(outcome.errors.contains(reason), "\(outcome.errors)")
  }

  @Test func anAttackOnAMatrix() throws {
    let folder = try folder()
    let attack = try Self.documentedWorker()
      .replacingOccurrences(of: "\"defense\"", with: "\"attack\"")
      .replacingOccurrences(of: "\"aggregate\"", with: "\"craft\"")
      .replacingOccurrences(of: "\"aggregated\"", with: "\"crafted\"")
      .replacingOccurrences(of: "[\"updates\"]", with: "[\"own\"]")
      .replacingOccurrences(
        of: "(sum(rows[j::d]) / n for j in range(d))", with: "(-x for x in rows)"
      )
      .replacingOccurrences(of: "\"result\": [d]", with: "\"result\": [n, d]")
    try folder.write(attack, to: "flip.py")
    let outcome = try Program.run(
      ["craft", "--attack", "exec:f=2 python3 flip.py", "m.npy"], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output == "-1.0 -2.0 -3.0\n-3.0 -4.0 -8.0\n")
    let unnumbered = try Program.run(
      ["craft", "--attack", "exec:python3 flip.py", "m.npy"], in: folder.path)
    #expect(unnumbered.status == 1 && unnumbered.errors.contains("give the number of attackers"))
    let wrong = try Program.run(
      ["craft", "--attack", "exec:f=2 python3 mean.py", "m.npy"], in: folder.path)
    #expect(wrong.errors.contains("is a worker of kind 'defense'; attack is needed"))
  }

  // MARK: - Scenarios

  private static let entry = "{id: mine, use: external, exec: [python3, mean.py], timeout: 20}"

  private static func scenario(_ entry: String = entry) -> String {
    TestScenario.tiny("  - krum\n", "  - krum\n  - \(entry)\n")
  }

  private static let times = ["cost.seconds", "cost.train", "cost.attack", "cost.defense"]

  /// The texts and numbers that a run leaves, but for its times, by trial.
  private func records(_ folder: TemporaryFolder, _ name: String) throws -> [[String: String]] {
    try ResultFiles(path: folder.path + "/" + name).trials().map { trial in
      var record: [String: String] = [:]
      for (key, value) in trial where value is String || value is NSNumber {
        record[key] = "\(value)"
      }
      let metrics = trial["metrics"] as? [String: Any] ?? [:]
      for (key, value) in metrics where !Self.times.contains(key) {
        record[key] = "\(value)"
      }
      return record
    }
  }

  @Test func resultsAreTheSameForAnyNumberOfThreads() throws {
    let folder = try folder()
    try folder.write(Self.scenario(), to: "s.yaml")
    for jobs in ["1", "2", "5"] {
      let outcome = try Program.run(
        ["run", "s.yaml", "-o", "r\(jobs)", "-j", jobs], in: folder.path)
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
    let one = try records(folder, "r1")
    #expect(one.count == 12)
    #expect(one.allSatisfy { $0["status"] == "ok" && $0["parameters_sha256"] != nil })
    #expect(try records(folder, "r2") == one && records(folder, "r5") == one)
    // It is the mean.
    let own = one.filter { $0["defense"] == "mine" }
    let mean = one.filter { $0["defense"] == "mean" }
    #expect(own.count == 4 && own.map { $0["accuracy.final"] } == mean.map { $0["accuracy.final"] })
  }

  @Test func theFileIsPartOfTheKey() throws {
    let folder = try folder()
    try FileManager.default.createDirectory(
      atPath: folder.path + "/sub", withIntermediateDirectories: false)
    try folder.write(Self.scenario(), to: "sub/s.yaml")
    // Beside the scenario, wherever the program is called.
    let missing = try Program.run(["validate", "sub/s.yaml"], in: folder.path)
    #expect(missing.status == 1)
    #expect(missing.errors.contains("s.yaml:20:") && missing.errors.contains("mine: external: "))
    let worker = try Self.documentedWorker()
    var keys: [[String]] = []
    for text in [worker, worker, worker + "# another one\n"] {
      try folder.write(text, to: "sub/mean.py")
      let outcome = try Program.run(
        ["run", "sub/s.yaml", "--only", "defense=mine", "-o", "r\(keys.count)"], in: folder.path)
      #expect(outcome.status == 0, "\(outcome.errors)")
      keys.append(
        try ResultFiles(path: folder.path + "/r\(keys.count)").trials()
          .filter { $0["defense"] as? String == "mine" }.compactMap { $0["key"] as? String })
    }
    #expect(keys[0] == keys[1] && Set(keys[0]).isDisjoint(with: keys[2]))
  }

  @Test func aWorkerThatFailsIsAnErrorOfItsTrials() throws {
    let folder = try folder()
    let worker = try Self.documentedWorker().replacingOccurrences(
      of: "        n, d =",
      with: "        if message[\"round\"] == 1: raise SystemExit(\"enough\")\n        n, d =")
    try folder.write(worker, to: "mean.py")
    try folder.write(Self.scenario(), to: "s.yaml")
    let outcome = try Program.run(["run", "s.yaml", "-o", "r"], in: folder.path)
    #expect(outcome.status == 1)
    let trials = try records(folder, "r")
    #expect(trials.count == 12)
    for trial in trials {
      #expect(trial["status"] == (trial["defense"] == "mine" ? "error" : "ok"))
      guard trial["defense"] == "mine" else { continue }
      #expect(
        trial["message"] == "external: python3 mean.py: ended with status 1 instead of answering "
          + "'aggregate'; its log ends: enough")
    }
  }

  @Test func aTrialWhoseWorkerLostItsMemoryRunsAgainOnce() throws {
    let folder = try folder()
    // Each second process of a trial goes on to the end.
    let worker = try Self.documentedWorker()
      .replacingOccurrences(
        of: "\"version\": \"1\"", with: "\"version\": \"1\", \"stateful\": True"
      )
      .replacingOccurrences(
        of: "        n, d =",
        with: """
                  if message["round"] == 1 and not os.path.exists("lost"):
                      open("lost", "w").close()
                      sys.exit(3)
                  n, d =
          """
      ).replacingOccurrences(of: "import array,", with: "import os, array,")
    try folder.write(worker, to: "mean.py")
    try folder.write(Self.scenario(), to: "s.yaml")
    let command = ["run", "s.yaml", "-j", "1", "--only", "defense=mine", "-o"]
    let outcome = try Program.run(command + ["r"], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try folder.names().contains("lost"))
    let again = try Program.run(command + ["again"], in: folder.path)
    #expect(again.status == 0)
    #expect(try records(folder, "r") == records(folder, "again"))
  }

  @Test func explainAndListKnowIt() throws {
    let folder = try folder()
    let text = try Program.run(["explain", "external"], in: folder.path)
    #expect(text.status == 0)
    for word in ["exec", "files", "params", "timeout", "memory", "sandbox", "transport"] {
      #expect(text.output.contains("\n  \(word): "), "\(word)")
    }
    for kind in ["attacks", "defenses"] {
      let list = try Program.run(["list", kind], in: folder.path)
      #expect(list.outputLines.contains { $0.hasPrefix("external ") })
    }
  }

  @Test func whatIsNoCommandIsRefusedWhereItStands() throws {
    let folder = try folder()
    for (entry, key, reason) in [
      ("{id: mine, use: external}", "{id", "external: exec is missing"),
      (
        "{id: mine, use: external, exec: python3 mean.py}", "python3",
        "exec is 'python3 mean.py'; it has to be a list of at least 1, each a text; write exec: "
          + "[python3, mean.py]"
      ),
      (
        "{id: mine, use: external, exec: [python3, mean.py], sandbox: jail}", "jail",
        "sandbox is 'jail'"
      ),
      (
        "{id: mine, use: external, exec: [python3, mean.py], memory: 9}", "9}", "memory is '9'"
      ),
      ("{id: mine, use: external, exec: [python3, mean.py], params: 3}", "3}", "params is '3'"),
      (
        "{id: mine, use: external, exec: [python3, mean.py], params.k: 3}", "params.k",
        "unknown parameter 'params.k'; write params: {k: …}"
      ),
      (
        "{id: mine, use: external, exec: [python3, mean.py], timeuot: 3}", "timeuot",
        "unknown parameter 'timeuot'; did you mean 'timeout'?"
      ),
      (
        "{id: mine, use: external, exec: [python3, maen.py]}", "[python3",
        "there is no file 'maen.py'; did you mean 'mean.py'?"
      ),
      (
        "{id: mine, use: external, exec: [python3, mean.py], files: [a.txt]}", "[a.txt",
        "there is no file 'a.txt'"
      ),
      (
        "{id: mine, exec: [python3, mean.py]}", "{id",
        "unknown defense 'mine'; with 'exec' it needs 'use: external'"
      ),
      ("{id: k, use: krum, params: {a: 1}}", "params", "unknown parameter 'params'"),
    ] {
      try folder.write(Self.scenario(entry), to: "s.yaml")
      let outcome = try Program.run(["validate", "s.yaml"], in: folder.path)
      let start = try #require(entry.range(of: key, options: .backwards)).lowerBound
      let column = 5 + entry.distance(from: entry.startIndex, to: start)
      #expect(outcome.status == 1, "\(outcome.errors)")
      #expect(outcome.errors.contains("s.yaml:20:\(column): "), "\(outcome.errors)")
      #expect(outcome.errors.contains(reason), "\(outcome.errors)")
      #expect(outcome.errors.components(separatedBy: "s.yaml:").count == 2, "\(outcome.errors)")
    }
  }

  /// What the worker says of a parameter stands where that is given.
  @Test func aParameterThatTheWorkerRefusesIsPointedAt() throws {
    let folder = try folder()
    let refusing = try Self.documentedWorker().replacingOccurrences(
      of: "while hello",
      with: """
        if "x" in hello["params"]:
            print(json.dumps({"type": "error", "message": "unknown parameter 'x'"}), flush=True)
            hello = {"type": "bye"}
        while hello
        """)
    try folder.write(refusing, to: "mean.py")
    let entry = "{id: mine, use: external, exec: [python3, mean.py], params: {k: 1, x: 27}}"
    try folder.write(Self.scenario(entry), to: "s.yaml")
    let outcome = try Program.run(["validate", "s.yaml"], in: folder.path)
    let start = try #require(entry.range(of: "27")).lowerBound
    let column = 5 + entry.distance(from: entry.startIndex, to: start)
    #expect(outcome.status == 1 && outcome.errors.contains("s.yaml:20:\(column): "))
    #expect(outcome.errors.contains("unknown parameter 'x'"), "\(outcome.errors)")
  }

  /// A matrix sweeps what a program is told, as it does the parameters of a rule.
  @Test func whatTheProgramIsToldCanBeSwept() throws {
    let folder = try folder()
    let entry = "{id: mine, use: external, exec: [python3, mean.py], params: {j: 1}}"
    let told = try Self.documentedWorker().replacingOccurrences(
      of: "while hello",
      with: "print(json.dumps(hello['params']), file=open('told', 'a'))\nwhile hello")
    try folder.write(told, to: "mean.py")
    try folder.write(
      Self.scenario(entry) + "matrix: {defenses.mine.params.k: [2, 3]}\n", to: "s.yaml")
    let outcome = try Program.run(
      ["run", "s.yaml", "-o", "r", "--seeds", "1", "-q"], in: folder.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = Set(try folder.text("told").split(separator: "\n"))
    #expect(lines.contains("{\"j\": 1, \"k\": 2}") && lines.contains("{\"j\": 1, \"k\": 3}"))
    let keys = try ResultFiles(path: folder.path + "/r").trials()
      .filter { $0["defense"] as? String == "mine" }.compactMap { $0["key"] as? String }
    #expect(keys.count == 4 && Set(keys).count == 4)
    let set = try Program.run(
      ["validate", "s.yaml", "--set", "defenses.mine.params.k.deep=7"], in: folder.path)
    #expect(set.status == 0, "\(set.errors)")
    try folder.write(Self.scenario() + "matrix: {defenses.krum.params.k: [2, 3]}\n", to: "s.yaml")
    let wrong = try Program.run(["validate", "s.yaml"], in: folder.path)
    #expect(wrong.status == 1 && wrong.errors.contains("krum has no parameter 'params.k'"))
  }

  // MARK: - Ended from outside

  /// A worker that never answers, and says which process it is.
  private static let silent = """
    import os, subprocess, sys, time
    child = subprocess.Popen(["sleep", "100"])
    with open("pids.part", "w") as file:
        file.write(f"{os.getpid()} {child.pid}")
    os.rename("pids.part", "pids")
    time.sleep(100)
    """

  /// What stands before the program in an expression; the sandbox only where it works.
  private static let surroundings: [String] = {
    let test = "bwrap --unshare-all --ro-bind / / --proc /proc true"
    let works = (try? Program.shell(test, in: "/"))?.status == 0
    if !works { print("SKIPPED: the sandbox is not tested; there is no working bwrap") }
    return works ? ["", "sandbox=bwrap "] : [""]
  }()

  /// Nothing of this process can clean up after a SIGKILL.
  @Test(.timeLimit(.minutes(2)), arguments: surroundings)
  func nothingStaysWhereTheProgramIsKilled(surrounding: String) throws {
    let folder = try folder()
    let name = "gauntlet-sleep-\(UUID().uuidString)"
    let worker = try Self.documentedWorker().replacingOccurrences(
      of: "        n, d =",
      with: """
                import subprocess
                subprocess.run(["sh", "-c", "sleep 600; : \(name)"], start_new_session=\
        \(surrounding.isEmpty ? "False" : "True"))
                n, d =
        """)
    try folder.write(worker, to: "mean.py")
    let run = try Program.Started(
      ["aggregate", "--defense", "exec:\(surrounding)python3 mean.py", "m.npy"], in: folder.path)
    while run.process.isRunning, !Self.isRunning(name) { usleep(20_000) }
    let descriptors = "/proc/\(run.process.processIdentifier)/fd"
    let matrices = try FileManager.default.contentsOfDirectory(atPath: descriptors).compactMap {
      try? FileManager.default.destinationOfSymbolicLink(atPath: "\(descriptors)/\($0)")
    }.first { $0.hasSuffix("/updates.npy") }
    let file = try #require(matrices)
    #expect(FileManager.default.fileExists(atPath: file))
    kill(run.process.processIdentifier, SIGKILL)
    _ = try run.end()
    let shared = (file as NSString).deletingLastPathComponent
    var tries = 0
    while Self.isRunning(name) || FileManager.default.fileExists(atPath: shared), tries < 250 {
      usleep(20_000)
      tries += 1
    }
    #expect(!Self.isRunning(name) && !FileManager.default.fileExists(atPath: shared))
  }

  /// Whether the command line of some process has a word.
  private static func isRunning(_ word: String) -> Bool {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return entries.contains { entry in
      guard Int(entry) != nil,
        let line = FileManager.default.contents(atPath: "/proc/\(entry)/cmdline")
      else { return false }
      return String(decoding: line, as: UTF8.self).contains(word)
    }
  }

  @Test(
    .timeLimit(.minutes(2)),
    arguments: [
      ["aggregate", "--defense", "exec:python3 silent.py", "m.npy"],
      ["craft", "--attack", "exec:f=2 python3 silent.py", "m.npy"],
      ["plugin", "check", "--", "python3", "silent.py"],
    ])
  func nothingStaysWhereACommandIsStopped(command: [String]) throws {
    let folder = try folder()
    try folder.write(Self.silent, to: "silent.py")
    let run = try Program.Started(command, in: folder.path)
    var pids: [pid_t] = []
    while pids.count < 2, run.process.isRunning {
      usleep(20_000)
      pids = ((try? folder.text("pids")) ?? "").split(separator: " ").compactMap { pid_t($0) }
    }
    #expect(pids.count == 2)
    run.process.terminate()
    let outcome = try run.end()
    #expect(outcome.exited && outcome.status == 128 + SIGTERM)
    for pid in pids {
      var tries = 0
      while kill(pid, 0) == 0, tries < 250 {
        usleep(20_000)
        tries += 1
      }
      #expect(tries < 250, "process \(pid) of '\(command[0])' is still there")
    }
  }
}
