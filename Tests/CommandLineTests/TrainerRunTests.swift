import Foundation
import Testing
import _TestSupport

/// Runs of the scenario of `Python/examples/numpy_trainer.yaml`, whose clients that program trains.
@Suite struct TrainerRunTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// Whether the program can run: Python with NumPy, and what speaks the protocol for it.
  static let isRunnable: Bool = {
    let shim = FileManager.default.fileExists(atPath: root + "/Python/src/gauntlet_fl/worker.py")
    let python = try? Program.shell("python3 -c 'import numpy'", in: "/")
    return shim && python?.status == 0
  }()

  private func folder() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    for name in ["numpy_trainer.py", "numpy_trainer.yaml"] {
      try FileManager.default.copyItem(
        atPath: Self.root + "/Python/examples/" + name, toPath: folder.path + "/" + name)
    }
    try FileManager.default.copyItem(
      atPath: Self.root + "/Python/src/gauntlet_fl/worker.py",
      toPath: folder.path + "/gauntlet_worker.py")
    return folder
  }

  private func run(
    _ folder: TemporaryFolder, _ options: [String], into name: String = "results"
  ) throws -> [[String: Any]] {
    let outcome = try Program.run(
      ["run", "numpy_trainer.yaml", "-o", name, "-q"] + options, in: folder.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return try ResultFiles(path: folder.path + "/" + name).trials()
  }

  private func value(
    _ metric: String, _ attack: String, _ trials: [[String: Any]]
  ) throws -> Double {
    let trial = try #require(
      trials.first { $0["attack"] as? String == attack && $0["defense"] as? String == "mean" })
    return try #require((trial["metrics"] as? [String: Any])?[metric] as? Double)
  }

  @Test(.enabled(if: isRunnable, "SKIPPED, needs python3 with NumPy"), .timeLimit(.minutes(5)))
  func attacksAndDefensesMeetInAProgramOfOnesOwn() throws {
    let folder = try folder()
    let trials = try run(folder, ["--set", "seeds=[1]", "-j", "2"])
    #expect(trials.count == 32)
    func status(_ attack: String, _ defense: String) -> [String?] {
      trials.filter { $0["attack"] as? String == attack && $0["defense"] as? String == defense }
        .map { $0["status"] as? String }
    }
    #expect(status("dba", "krum") == ["ok"] && status("alie", "median") == ["ok"])
    #expect(status("neurotoxin", "mean") == ["not-applicable"])
    #expect(status("none", "deepsight") == ["not-applicable"])
    // The clean model is good, and the attacks do what they are for.
    #expect(try value("accuracy.final", "none", trials) > 0.9)
    #expect(
      try value("accuracy.final", "sign-flip", trials)
        < (try value("accuracy.final", "none", trials)))
    #expect(
      try value("accuracy.source-class", "label-flip", trials)
        < (try value("accuracy.class.1", "none", trials)) - 0.1)
    for attack in ["backdoor", "replacement", "dba"] {
      #expect(try value("asr.stop", attack, trials) > (try value("asr.base", attack, trials)) + 0.3)
      #expect(try value("asr.base", attack, trials) < 0.2)
    }
    #expect(try value("asr.correct", "backdoor", trials) > 0.3)
    let clean = try #require(trials.first)
    #expect(
      (clean["absent"] as? [String: String])?["accuracy.train"]
        == "the data are those of a trainer in another process")
  }

  @Test(.enabled(if: isRunnable, "SKIPPED, needs python3 with NumPy"), .timeLimit(.minutes(5)))
  func aSecondRunHasTheSameBits() throws {
    let folder = try folder()
    let options = [
      "--set", "attacks=[none, {id: backdoor, ratio: 0.5}]", "--set", "defenses=[mean]", "--set",
      "rounds=4",
    ]
    func digests(_ trials: [[String: Any]]) -> [String?] {
      trials.map { $0["parameters_sha256"] as? String }
    }
    let one = digests(try run(folder, options + ["-j", "1"]))
    let two = digests(
      try run(folder, options + ["-j", "3", "--set", "task.transport=inline"], into: "again"))
    #expect(one == two && Set(one).count == 4)
    // Results of another program are not mixed with those that are there.
    let path = folder.path + "/numpy_trainer.py"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacing("0.01, self.pixels", with: "0.02, self.pixels")
      .write(toFile: path, atomically: true, encoding: .utf8)
    let other = try Program.run(
      ["run", "numpy_trainer.yaml", "-o", "results", "-q"] + options, in: folder.path)
    #expect(other.status == 1 && other.errors.contains("task.trainer.sha256 was"))
    #expect(digests(try run(folder, options + ["--fresh"])) != one)
  }

  @Test(.enabled(if: isRunnable, "SKIPPED, needs python3 with NumPy"), .timeLimit(.minutes(5)))
  func aProgramThatFailsIsAnErrorOfItsTrialAlone() throws {
    let folder = try folder()
    let path = folder.path + "/numpy_trainer.py"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacing(
      "        counts = []\n",
      with: """
                counts = []
                if any(p and p["kind"] == "label-flip" for p in ctx.poison):
                    raise ValueError("no flips today")

        """
    ).write(toFile: path, atomically: true, encoding: .utf8)
    let outcome = try Program.run(
      [
        "run", "numpy_trainer.yaml", "-o", "results", "-q", "--set", "rounds=4", "--set",
        "seeds=[1]", "--set", "attacks=[none, {id: label-flip, source: 1, target: 3}, alie]",
        "--set", "defenses=[mean]",
      ], in: folder.path)
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("no flips today"), "\(outcome.errors)")
    let trials = try ResultFiles(path: folder.path + "/results").trials()
    #expect(trials.map { $0["status"] as? String } == ["ok", "error", "ok"])
  }

  @Test func aMisspeltProgramIsOneProblem() throws {
    let folder = try TemporaryFolder()
    let text = """
      schema: gauntlet/scenario/1
      name: nobody
      rounds: 4
      task: {exce: [python3, t.py], files: [a], params: {k: 1}, workers: 1, local: {lr: 0.1}}
      clients: {count: 4}
      attacks: [none]
      defenses: [mean]

      """
    try folder.write(text, to: "one.yaml")
    let outcome = try Program.run(["validate", "one.yaml"], in: folder.path)
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.contains("one.yaml:4:8: unknown key 'task.exce'; did you mean 'exec'?"),
      "\(outcome.errors)")
    #expect(outcome.errors.components(separatedBy: "one.yaml:").count == 2, "\(outcome.errors)")
    // Any other key as well; that the script is not there is a problem of its own.
    let other = text.replacingOccurrences(of: "exce:", with: "exec:")
      .replacingOccurrences(of: "workers: 1", with: "timeuot: 1")
    try folder.write(other, to: "two.yaml")
    let wrong = try Program.run(["validate", "two.yaml"], in: folder.path)
    #expect(wrong.errors.contains("unknown key 'task.timeuot'; did you mean 'timeout'?"))
    #expect(wrong.errors.components(separatedBy: "two.yaml:").count == 3, "\(wrong.errors)")
  }

  @Test func aProgramThatIsNotThereIsAnErrorOfThePlan() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      schema: gauntlet/scenario/1
      name: nobody
      rounds: 4
      task: {exec: [./no-such-program], local: {lr: 0.1}}
      clients: {count: 4}
      attacks: [none]
      defenses: [mean]
      """, to: "nobody.yaml")
    let outcome = try Program.run(["validate", "nobody.yaml"], in: folder.path)
    #expect(outcome.status != 0 && outcome.errors.contains("nobody.yaml:4:"))
    #expect(
      outcome.errors.contains("task.exec: there is no file './no-such-program'"),
      "\(outcome.errors)")
  }
}
