import Foundation
import Testing
import _TestSupport

/// A log or rounds that somebody changed after the run stay marked, whatever is done with them.
@Suite(.recordedResults) struct ChangedLogTests {
  private let folder: TemporaryFolder

  init() throws { folder = try RecordedResults.copy() }

  private func run(_ line: String) throws -> Program.Outcome {
    try Program.run(line.split(separator: " ").map(String.init), in: folder.path)
  }

  private func marks(_ name: String) throws -> [String]? {
    try ResultFiles(path: folder.path + "/" + name).manifest()["altered"] as? [String]
  }

  /// Changes bytes, and no number.
  private func change(_ name: String) throws {
    let path = "results/\(name)"
    let text = try folder.text(path)
    try folder.write(
      name == "rounds.csv"
        ? text.replacing(",0.5,", with: ",0.50,", maxReplacements: 1)
        : text.replacing("\"seed\":", with: "\"seed\": ", maxReplacements: 1), to: path)
    #expect(try folder.text(path) != text)
  }

  @Test(arguments: ["trials.jsonl", "rounds.csv"]) func staysMarked(name: String) throws {
    #expect(try run("gate results --baseline baseline.json --strict").status == 0)
    try change(name)
    let message =
      "results/\(name): is not what run.json recorded; it was changed since the run ended"
    let plain = try run("gate results --baseline baseline.json")
    #expect(plain.status == 0 && plain.errors.contains(message))
    #expect(plain.output.replacing(/\s+/, with: " ").contains(message))
    #expect(try run("gate results --baseline baseline.json --strict").status == 3)
    #expect(try run("compare results results").output.contains("warning: " + message))

    #expect(
      try run("merge results -o joined").errors.contains("results/\(name): was changed since"))
    #expect(try marks("joined") == [name])
    #expect(try run("gate joined --baseline baseline.json --strict").status == 3)
    #expect(try run("merge joined -o again").status == 0)
    #expect(try marks("again") == [name])

    let resumed = try run("run tiny.yaml -o results --seeds 1..6 --progress none")
    #expect(resumed.status == 0)
    #expect(resumed.errors.contains("results/\(name): was changed since its run ended"))
    #expect(try marks("results") == [name])
    #expect(try run("run tiny.yaml -o results --progress none").status == 0)
    #expect(try marks("results") == [name])
    let strict = try run("gate results --baseline baseline.json --strict")
    #expect(strict.status == 3)
    #expect(strict.errors.contains("holds what was changed after its run had ended"))

    #expect(try run("run tiny.yaml -o results --fresh --progress none").status == 0)
    #expect(try marks("results") == nil)
    #expect(try run("gate results --baseline baseline.json --strict").status == 0)
  }

  @Test func goingOnIsNoChange() throws {
    for line in [
      "run tiny.yaml -o results --seeds 1..6 --progress none",
      "run tiny.yaml -o results --seeds 1..7 --progress none", "merge results -o joined",
    ] {
      let outcome = try run(line)
      #expect(outcome.status == 0 && !outcome.errors.contains("changed"), "\(line)")
    }
    #expect(try marks("results") == nil)
    #expect(try marks("joined") == nil)
  }

  // MARK: - Rounds that are gone

  @Test func aTrialWithoutItsRowsRunsAgain() throws {
    let files = ResultFiles(path: folder.path + "/results")
    let whole = try files.essence()
    let rows = try files.lines("rounds.csv")
    // All rows of one trial, one row of another, and one row twice.
    let key = rows[4].prefix { $0 != "," }
    let kept = rows.filter { !$0.hasPrefix(key) }
    for (edited, count) in [
      (kept, 1), (Array(rows.dropLast()), 1), (rows + [rows[rows.count - 1]], 1), ([rows[0]], 20),
    ] {
      try folder.write(edited.map { $0 + "\n" }.joined(), to: "results/rounds.csv")
      let plan = try run("run tiny.yaml -o results --dry-run")
      #expect(plan.output.contains(try Regex("trials to run +\(count)\n")), "\(plan.output)")
      let outcome = try run("run tiny.yaml -o results --progress none")
      #expect(outcome.status == 0, "\(outcome.errors)")
      let trials = count == 1 ? "1 trial: it runs again" : "\(count) trials: they run again"
      #expect(outcome.errors.contains("results/rounds.csv lacks rows of \(trials)\n"))
      let essence = try files.essence()
      #expect(essence.rounds == whole.rounds && essence.table == whole.table)
      #expect(Set(essence.trials) == Set(whole.trials))
    }
    try FileManager.default.removeItem(atPath: files.path + "/rounds.csv")
    #expect(try run("run tiny.yaml -o results --progress none").status == 0)
    #expect(try files.essence().rounds == whole.rounds)
    #expect(try run("gate results --baseline baseline.json").status == 0)
  }
}
