import Foundation
import Testing
import _TestSupport

@Suite struct RunTests {
  /// Runs the tiny scenario into `results`.
  private func run(
    _ folder: TemporaryFolder, _ options: [String] = [],
    text: String = TestScenario.tiny, environment: [String: String] = [:]
  ) throws -> Program.Outcome {
    try folder.write(text, to: "tiny.yaml")
    return try Program.run(
      ["run", "tiny.yaml", "-o", "results"] + options, in: folder.path, environment: environment)
  }

  private func files(_ folder: TemporaryFolder) -> ResultFiles {
    ResultFiles(path: folder.path + "/results")
  }

  /// Every metric id, families written out for three classes.
  private func metricIDs(in folder: String) throws -> Set<String> {
    let list = try Program.run(["list", "metrics", "--format", "json"], in: folder).output
    let entries = try JSONSerialization.jsonObject(with: Data(list.utf8)) as? [[String: Any]] ?? []
    return Set(
      entries.compactMap { $0["id"] as? String }.flatMap { id in
        id.hasSuffix("<c>") ? (0..<3).map { id.replacing("<c>", with: "\($0)") } : [id]
      })
  }

  private static let keys: Set<String> = [
    "type", "key", "cell", "attack", "defense", "axes", "seed", "engine", "status", "metrics",
    "absent", "censored", "flags", "parameters_sha256", "resolved", "roc", "rounds",
  ]
  private static let detectors: Set<String> = [
    "cosine", "krum", "median-distance", "norm", "principal", "sign",
  ]

  @Test func everyLineHasTheDocumentedKeysAndEveryMetric() throws {
    let folder = try TemporaryFolder()
    let outcome = try run(folder, ["--progress", "none"])
    #expect(outcome.status == 0)
    #expect(outcome.errorLines.count == 1)
    #expect(outcome.errors.wholeMatch(of: /8 trials in .* s, results in results\n/) != nil)
    let ids = try metricIDs(in: folder.path)
    #expect(ids.contains("accuracy.class.2") && ids.contains("asr.stop"))
    let trials = try files(folder).trials()
    #expect(trials.count == 8)
    for trial in trials {
      #expect(Set(trial.keys) == Self.keys)
      #expect(trial["type"] as? String == "trial" && trial["status"] as? String == "ok")
      let metrics = try #require(trial["metrics"] as? [String: Any])
      #expect(Set(metrics.keys) == ids)
      let absent = try #require(trial["absent"] as? [String: String])
      #expect(Set(metrics.filter { $0.value is NSNull }.keys) == Set(absent.keys))
      #expect(absent.values.allSatisfy { !$0.isEmpty })
      for key in ["key", "parameters_sha256"] {
        #expect((trial[key] as? String)?.wholeMatch(of: /[0-9a-f]{64}/) != nil)
      }
      let curves = try #require(trial["roc"] as? [String: [Double]])
      #expect(curves.values.allSatisfy { $0.count == 21 && $0.last == 1 })
      let own: Set<String> = absent["detection.auc"] == nil ? ["rule"] : []
      #expect(Set(curves.keys) == Self.detectors.union(own))
    }
    #expect(Set(trials.compactMap { $0["key"] as? String }).count == 8)
    let withOwn = trials.filter { ($0["roc"] as? [String: Any])?["rule"] != nil }
    #expect(Set(withOwn.compactMap { $0["defense"] as? String }) == ["krum"])
    let cells = trials.compactMap { $0["cell"] as? String }
    #expect(
      cells
        == Array(repeating: ["none/mean", "none/krum", "backdoor/mean", "backdoor/krum"], count: 2)
        .flatMap(\.self))
  }

  @Test func theFilesOfAFolder() throws {
    let folder = try TemporaryFolder()
    _ = try run(folder)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path + "/results").sorted()
        == ["rounds.csv", "run.json", "trials.csv", "trials.jsonl"])
    let manifest = try files(folder).manifest()
    #expect(manifest["schema"] as? String == "gauntlet/results/1")
    #expect(manifest["counts"] as? [String: Int] == ["ok": 8])
    #expect((manifest["files"] as? [String: String])?.count == 3)
    #expect(manifest["finished"] is String)
    #expect(
      manifest["invocation"] as? [String] == ["gauntlet", "run", "tiny.yaml", "-o", "results"])
    let table = try files(folder).tableLines()
    #expect(table.count == 9)
    #expect(table[0].hasPrefix("scenario,cell,attack,defense,seed,status,implied,"))
    #expect(table[0].split(separator: ",").contains("asr.stop"))
    let rounds = String(decoding: try files(folder).contents("rounds.csv"), as: UTF8.self)
    #expect(rounds.hasPrefix("key,attack,defense,seed,round,accuracy,asr,robust-accuracy,"))
    #expect(!rounds.contains("cost."))
    #expect(rounds.contains(/(?m)^[0-9a-f]{12,},backdoor,krum,2,1,0\.\d+,0\.\d+,/))
  }

  @Test(
    .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3"), "needs Python"))
  func pythonReadsTheTables() throws {
    let folder = try TemporaryFolder()
    _ = try run(folder)
    let program = """
      import csv, json
      rows = list(csv.DictReader(open('results/trials.csv', newline='')))
      lines = [json.loads(line) for line in open('results/trials.jsonl')]
      assert len(rows) == len(lines) == 8
      for row, line in zip(rows, lines):
          assert None not in row and row['key'] == line['key']
          for name, value in line['metrics'].items():
              assert (row[name] == '') == (value is None), name
              assert value is None or float(row[name]) == value, name
      rounds = list(csv.DictReader(open('results/rounds.csv', newline='')))
      assert len(rounds) == 24
      for index, row in enumerate(rounds):
          line = lines[index // 3]
          assert None not in row and None not in row.values()
          assert line['key'].startswith(row['key']) and int(row['round']) == index % 3
          assert [row['attack'], row['defense'], int(row['seed'])] == [
              line[name] for name in ('attack', 'defense', 'seed')]
      for row, line in zip(rounds[2::3], lines):
          assert abs(float(row['accuracy']) / line['metrics']['accuracy.final'] - 1) < 1e-7
      """
    try folder.write(program, to: "check.py")
    let outcome = try Program.shell("/usr/bin/python3 check.py", in: folder.path)
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  @Test func twinsThatMetricsNeedAreImplied() throws {
    let folder = try TemporaryFolder()
    let outcome = try run(folder, ["--only", "attack=backdoor defense=krum", "--seeds", "7"])
    let trials = try files(folder).trials()
    #expect(
      trials.map { $0["cell"] as? String }
        == ["none/mean", "none/krum", "backdoor/mean", "backdoor/krum"])
    #expect(trials.map { $0["implied"] as? Bool } == [true, true, true, nil])
    #expect(trials.allSatisfy { $0["seed"] as? Int == 7 })
    // Tables show them, too, and say that nobody asked for them.
    #expect(outcome.output.contains("\nnone ") && outcome.output.contains("\nbackdoor "))
    #expect(
      outcome.output.replacing(/\s+/, with: " ").contains(
        "ref not selected, run since the others are compared to it: */mean, none/krum"))
  }

  @Test func twoRunsDifferInCostsAlone() throws {
    let folder = try TemporaryFolder()
    var texts: [[String]] = []
    for threads in ["1", "2", "5"] {
      _ = try run(folder, ["--fresh", "-j", threads])
      texts.append(
        String(decoding: try files(folder).contents("trials.jsonl"), as: UTF8.self)
          .replacing(/"cost\.(seconds|train|attack|defense)":[^,}]+/, with: "cost")
          .split(separator: "\n").map(String.init))
    }
    #expect(texts[0].count == 8)
    #expect(texts[0] == texts[1] && texts[0] == texts[2])
  }

  @Test func overridesSelectionsAndSeedsReachTheTrials() throws {
    let folder = try TemporaryFolder()
    let outcome = try run(
      folder,
      [
        "--set", "rounds=5", "--set", "threat.window.stop=4", "--skip", "defense=krum", "--seeds",
        "3..4",
      ])
    #expect(outcome.status == 0)
    let trials = try files(folder).trials()
    #expect(trials.map { $0["rounds"] as? Int } == [5, 5, 5, 5])
    #expect(Set(trials.compactMap { $0["seed"] as? Int }) == [3, 4])
    #expect(Set(trials.compactMap { $0["defense"] as? String }) == ["mean"])
  }

  @Test func aCellThatCannotRunIsAResult() throws {
    let folder = try TemporaryFolder()
    let outcome = try run(folder, text: TestScenario.tiny("- krum", "- {use: krum, f: 2}"))
    #expect(outcome.status == 0)
    let reason = "krum: needs n >= 2f + 3 = 7 submissions for f = 2, got 6"
    #expect(outcome.output.contains("n/a    */krum: \(reason)"))
    let idle = try files(folder).trials().filter { $0["defense"] as? String == "krum" }
    #expect(idle.count == 4)
    for trial in idle {
      #expect(trial["status"] as? String == "not-applicable")
      #expect(trial["message"] as? String == reason)
      #expect(trial["parameters_sha256"] is NSNull)
    }
    let check = try Program.run(["validate", "tiny.yaml"], in: folder.path)
    #expect(
      check.output == "tiny.yaml: ok, 4 cells, 2 seeds, 8 trials (4 not applicable), 12 rounds\n")
    let plan = try Program.run(["plan", "tiny.yaml"], in: folder.path)
    #expect(plan.output.contains("not applicable: krum: needs n >= 2f + 3 = 7"))
  }

  @Test func tablesFitAndColorsAreAskedFor() throws {
    let folder = try TemporaryFolder()
    for (columns, width) in [("60", 60), ("100", 100), ("500", 100)] {
      let outcome = try run(folder, ["--fresh"], environment: ["COLUMNS": columns])
      #expect(outcome.outputLines.allSatisfy { $0.count <= width })
      #expect(!outcome.output.contains("\u{1B}"))
    }
    let colored = try run(
      folder, ["--fresh", "--color", "always"], environment: ["NO_COLOR": "1"])
    #expect(colored.output.contains("\u{1B}[1maccuracy"))
    #expect(!colored.errors.contains("\u{1B}"))
  }

  @Test func titlesTakeOneLineOfAHundredColumns() throws {
    let folder = try TemporaryFolder()
    let outcome = try run(folder, ["--seeds", "1..10"])
    for title in ["accuracy", "attack success rate (ASR)", "stealth", "persistence", "detection"] {
      let line = outcome.outputLines.first {
        $0.hasPrefix(title + ":") || $0.hasPrefix(title + ",")
      }
      #expect(line?.contains(" is better") == true && line?.hasSuffix("over 10 seeds") == true)
    }
  }

  @Test func progressGoesToTheOtherStream() throws {
    let folder = try TemporaryFolder()
    for mode in ["auto", "lines", "none"] {
      let outcome = try run(folder, ["--fresh", "--progress", mode])
      #expect(outcome.output.hasPrefix("accuracy"))
      #expect(!outcome.errors.contains("\r") && !outcome.errors.contains("█"))
      #expect(outcome.errorLines.last?.hasSuffix("results in results") == true)
    }
    let bar = try run(folder, ["--fresh", "--progress", "bar"])
    // Whatever was drawn is cleared before the last line.
    let parts = bar.errors.split(separator: "\r")
    #expect(parts.last?.hasSuffix("results in results\n") == true)
    if parts.count > 1 { #expect(parts.last?.hasPrefix("\u{1B}[K") == true) }
  }

  @Test func plansListTrialsAndKeys() throws {
    let folder = try TemporaryFolder()
    _ = try run(folder)
    let plan = try Program.run(["plan", "tiny.yaml"], in: folder.path)
    #expect(plan.status == 0 && plan.errors.isEmpty)
    #expect(plan.outputLines.dropLast(3).last == "4 cells, 2 seeds, 8 trials, 24 rounds")
    #expect(
      plan.outputLines.dropLast(2).last?.hasPrefix(
        "4 of 24 rounds are played once for several trials: before the attack 4 trials go on from "
          + "another with the same defense and seed (at most ") == true)
    let memory = try #require(
      plan.outputLines.dropLast().last?.wholeMatch(
        of: #/about (\d+|\d+\.\d) MiB of memory, of which \d\.?\d? MiB are data, and .*/#))
    let amount = try #require(Double(memory.output.1))
    #expect(amount > 20 && amount < 100)
    let part = try Program.run(
      ["plan", "tiny.yaml", "--only", "attack=backdoor defense=krum"], in: folder.path)
    #expect(
      part.outputLines.dropLast(3).last == "4 cells, 2 seeds, 8 trials (6 implied), 24 rounds")
    let keys = try Program.run(["plan", "tiny.yaml", "--keys"], in: folder.path)
    #expect(
      keys.outputLines.map { $0.split(separator: "\t").first.map(String.init) }
        == (try files(folder).trials().map { $0["key"] as? String }))
  }
}
