import Foundation
import Testing
import _TestSupport

@Suite(.recordedResults) struct ShowTests {
  private func show(
    _ line: String, in folder: TemporaryFolder, environment: [String: String] = [:]
  ) throws -> Program.Outcome {
    try Program.run(
      ["show"] + line.split(separator: " ").map(String.init), in: folder.path,
      environment: environment)
  }

  /// The tables that `run` ends with, to the byte, at every width and with colors.
  @Test(arguments: ["40", "64", "100"], ["never", "always"])
  func theTablesAreThoseOfRun(columns: String, color: String) throws {
    let folder = try RecordedResults.copy()
    let run = try Program.run(
      ["run", "tiny.yaml", "-o", "results", "--progress", "none", "--color", color],
      in: folder.path, environment: ["COLUMNS": columns])
    #expect(run.status == 0 && run.output.contains("accuracy"))
    #expect(run.output.contains("\u{1B}") == (color == "always"))
    let shown = try show("results --color \(color) --width \(columns)", in: folder)
    #expect(shown.status == 0 && shown.errors.isEmpty)
    #expect(shown.output == run.output)
    let there = try show("results --color \(color)", in: folder, environment: ["COLUMNS": columns])
    #expect(there.output == run.output)
  }

  @Test func colorsAreOffWhereNobodyLooks() throws {
    let folder = try RecordedResults.copy()
    let plain = try show("results", in: folder)
    #expect(!plain.output.contains("\u{1B}"))
    let off = try show("results", in: folder, environment: ["NO_COLOR": "1"])
    #expect(!off.output.contains("\u{1B}"))
  }

  @Test func otherMetrics() throws {
    let folder = try RecordedResults.copy()
    let shown = try show("results --metric asr.f*,accuracy.final,cost.bytes", in: folder)
    #expect(shown.status == 0 && shown.errors.isEmpty)
    // In the order in which they are asked for.
    let ids = ["asr.final: ", "accuracy.final: ", "cost.bytes: "]
    let titles = shown.outputLines.filter { line in ids.contains { line.hasPrefix($0) } }
    #expect(zip(titles, ids).allSatisfy { $0.hasPrefix($1) } && titles.count == 3)
    #expect(titles[0].hasPrefix("asr.final: the attack success rate after the last round · lower"))
    #expect(shown.output.contains("traffic of a round"))
  }

  @Test(arguments: [
    (
      "--metric accuracy.finl", "there is no metric 'accuracy.finl'; did you mean 'accuracy.final'?"
    ),
    ("--metric target-confidence", "no trial has a value of 'target-confidence'"),
    ("--metric xyz.*", "--metric: no metric with a value matches 'xyz.*'"),
    ("--metric ,", "--metric names no metric"),
    ("--pivot threat.malicious", "results has no axes, since its scenario has no matrix"),
    ("--only attack=backdor", "no attack is 'backdor'; did you mean 'backdoor'?"),
    ("--only attack=none --skip defense=*", "results: holds no trial to show"),
  ])
  func whatIsNotThere(options: String, message: String) throws {
    let folder = try RecordedResults.copy()
    let shown = try show("results \(options)", in: folder)
    #expect(shown.status == 1 && shown.output.isEmpty)
    #expect(shown.errorLines.count == 1 && shown.errors.contains(message), "\(shown.errors)")
  }

  @Test func anyMetricWhereNoTrialHasAny() throws {
    let folder = try RecordedResults.copy()
    let results = ResultFiles(path: folder.path + "/results")
    for cell in ["none/mean", "none/krum", "backdoor/mean", "backdoor/krum"] {
      for seed in 1...5 { try results.fail(cell, seed: seed, message: "the disk went away") }
    }
    let shown = try Program.run(["show", "results", "--metric", "*"], in: folder.path)
    #expect(shown.status == 1 && shown.output.isEmpty)
    #expect(shown.errors.contains("--metric: no trial has a value of any metric"))
  }

  @Test(arguments: [
    "", "results --width 10", "results --format cvs", "results --curves --format md",
    "results results --format csv",
  ])
  func wrongUsage(line: String) throws {
    let folder = try RecordedResults.copy()
    let shown = try show(line, in: folder)
    #expect(shown.status == 64 && shown.output.isEmpty && !shown.errors.isEmpty)
  }

  @Test func aFolderThatIsNone() throws {
    let folder = try RecordedResults.copy()
    let shown = try show("nothing", in: folder)
    #expect(shown.status == 1 && shown.output.isEmpty)
    #expect(shown.errors.contains("nothing: no such folder"))
  }

  @Test func selectedCells() throws {
    let folder = try RecordedResults.copy()
    let shown = try show("results --only defense=krum", in: folder)
    #expect(shown.status == 0)
    let heading = try #require(shown.outputLines.dropFirst().first)
    #expect(heading.split(separator: " ") == ["krum"])
  }

  @Test func severalFoldersHaveHeadings() throws {
    let folder = try RecordedResults.copy()
    let shown = try show("results results --metric asr.stop", in: folder)
    #expect(shown.status == 0)
    #expect(shown.outputLines.count { $0 == "=== results: tiny" } == 2)
    let once = try show("results --metric asr.stop", in: folder)
    #expect(
      shown.output == "=== results: tiny\n\n\(once.output)\n=== results: tiny\n\n\(once.output)")
  }

  @Test func csvIsOneTable() throws {
    let folder = try RecordedResults.copy()
    let shown = try show("results --format csv --metric accuracy.stop,asr.stop", in: folder)
    #expect(shown.status == 0)
    let rows = shown.outputLines.map { $0.components(separatedBy: ",") }
    // The last field is a reason in words, which may have commas.
    #expect(rows.count == 1 + 4 * 2 && rows.allSatisfy { $0.count >= rows[0].count })
    // The mean of the five seeds, as the file has them.
    let trials = try ResultFiles(path: folder.path + "/results").trials()
    let values = trials.filter { $0["cell"] as? String == "backdoor/mean" }.compactMap {
      ($0["metrics"] as? [String: Any])?["accuracy.stop"] as? Double
    }
    let row = try #require(rows.first { $0.starts(with: ["backdoor", "mean", "accuracy.stop"]) })
    let mean = try #require(Double(row[4]))
    #expect(values.count == 5 && abs(mean - values.reduce(0, +) / 5) < 1e-12)
    #expect(Double(row[9]) == values.min())
  }

  @Test func jsonIsAListOfTables() throws {
    let folder = try RecordedResults.copy()
    let shown = try show("results results --format json --metric accuracy.stop", in: folder)
    let tables = try #require(
      try JSONSerialization.jsonObject(with: Data(shown.output.utf8)) as? [[String: Any]])
    #expect(
      tables.compactMap { $0["schema"] as? String } == ["gauntlet/table/1", "gauntlet/table/1"])
  }

  @Test func markdownAndLaTeXNameTheDigest() throws {
    let folder = try RecordedResults.copy()
    let manifest = try ResultFiles(path: folder.path + "/results").manifest()
    let digest = try #require((manifest["files"] as? [String: String])?["trials.jsonl"])
    for (format, start) in [("md", "| attack | mean | krum |"), ("tex", "\\begin{tabular}")] {
      let shown = try show("results --format \(format)", in: folder)
      #expect(shown.status == 0 && shown.output.contains(start))
      #expect(shown.output.contains("trials.jsonl \(digest.prefix(12))"))
    }
  }

  @Test func curvesShowTheWindow() throws {
    let folder = try RecordedResults.copy()
    let plain = try show("results", in: folder)
    let shown = try show("results --curves", in: folder)
    #expect(shown.status == 0 && shown.output.hasPrefix(plain.output))
    let lines = shown.output.dropFirst(plain.output.count).split(separator: "\n")
    let row = try #require(lines.first { $0.hasPrefix("backdoor / krum") })
    // Three rounds, of which the second is the window.
    #expect(row.wholeMatch(of: /backdoor \/ krum +[▁-█]\[[▁-█]\][▁-█] +[▁-█]\[[▁-█]\][▁-█]/) != nil)
  }

  @Test func withoutRoundsThereIsANote() throws {
    let folder = try RecordedResults.copy()
    try FileManager.default.removeItem(atPath: folder.path + "/results/rounds.csv")
    let plain = try show("results", in: folder)
    #expect(plain.status == 0)
    let shown = try show("results --curves", in: folder)
    #expect(shown.status == 0 && shown.output == plain.output)
    #expect(shown.errors.contains("results: no curves: there is no rounds.csv"), "\(shown.errors)")
  }

  @Test func anAxisAcross() throws {
    let folder = try RecordedResults.copy()
    let scenario =
      TestScenario.tiny("seeds: [1, 2]", "seeds: [1]") + """
        matrix:
          threat.malicious.count: [1, 2]

        """
    try folder.write(scenario, to: "axes.yaml")
    let run = try Program.run(
      ["run", "axes.yaml", "-o", "axes", "--progress", "none"], in: folder.path)
    #expect(run.status == 0, "\(run.errors)")
    let shown = try show("axes --pivot count --metric accuracy.stop", in: folder)
    #expect(shown.status == 0, "\(shown.errors)")
    let heading = try #require(shown.outputLines.dropFirst().first)
    #expect(heading.split(separator: " ") == ["defense", "attack", "1", "2"])
    #expect(shown.outputLines.filter { $0.hasPrefix("mean ") || $0.hasPrefix("krum ") }.count == 4)
    let wrong = try show("axes --pivot cuont", in: folder)
    #expect(wrong.status == 1 && wrong.errors.contains("did you mean 'count'?"))
  }
}
