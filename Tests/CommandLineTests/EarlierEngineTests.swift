import Foundation
import Simulation
import Testing
import _TestSupport

/// Results and baselines that an earlier engine left, beside those of this one.
///
/// `Fixtures/engine-1` is what Gauntlet 0.1.0, engine 1, made of the tiny scenario with seed 1. As
/// long as this is engine 1, too, the files are made to say 0.
@Suite struct EarlierEngineTests {
  private static let earlier = Engine.number == 1 ? 0 : 1
  private static let this = Engine.number

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let fixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/engine-1").path
    for name in try FileManager.default.contentsOfDirectory(atPath: fixtures) {
      try FileManager.default.copyItem(
        atPath: fixtures + "/" + name, toPath: folder.path + "/" + name)
    }
    if Self.earlier != 1 {
      let results = ResultFiles(path: folder.path + "/results")
      try results.replace("\"engine\":1,", "\"engine\":\(Self.earlier),", in: "trials.jsonl")
      try results.replace("\"engine\" : 1,", "\"engine\" : \(Self.earlier),", in: "run.json")
      try ResultFiles(path: folder.path).replace(
        "\"engine\": 1,", "\"engine\": \(Self.earlier),", in: "baseline.json")
    }
  }

  private func gauntlet(_ line: String) throws -> Program.Outcome {
    try Program.run(line.split(separator: " ").map(String.init), in: folder.path)
  }

  /// Runs the scenario with this engine into `new`, and records `new.json` of it.
  private func runAnew() throws {
    for line in [
      "run tiny.yaml -o new --progress none", "baseline make new -o new.json",
    ] {
      let outcome = try gauntlet(line)
      #expect(outcome.status == 0, "\(outcome.errors)")
    }
  }

  /// What is said about the results of the earlier engine.
  private static let resultsNote =
    "results: is of engine \(earlier) (gauntlet 0.1.0), and this is engine \(this), whose numbers do "
    + "not compare with it: run the scenario again, or compare with gauntlet 0.1.0\n"

  private static let baselineNote =
    "baseline.json: is of engine \(earlier) (gauntlet 0.1.0), and this is engine \(this), whose "
    + "numbers do not compare with it: record a new one with 'baseline make --replace --reason', or "
    + "compare with gauntlet 0.1.0\n"

  // MARK: - Reading

  @Test func theEarlierResultsMeetTheirBaseline() throws {
    for options in ["", " --exact", " --claims claims.yaml"] {
      let outcome = try gauntlet("gate results --baseline baseline.json -q" + options)
      #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
      #expect(outcome.output.contains("gate: passed, "))
      #expect(outcome.errors == Self.resultsNote + Self.baselineNote)
    }
    let claims = try gauntlet("gate results --claims claims.yaml -q")
    #expect(claims.status == 0 && claims.errors == Self.resultsNote)
    let same = try gauntlet("compare results results")
    #expect(same.status == 0 && same.errors == Self.resultsNote + Self.resultsNote)
    #expect(same.output.contains(" equal, 0 differ\n"))
  }

  @Test func theEarlierBaselineIsShown() throws {
    let outcome = try gauntlet("baseline show baseline.json")
    #expect(outcome.status == 0 && outcome.errors == Self.baselineNote)
    #expect(
      outcome.output.hasPrefix(
        "tiny: 4 cells, 1 seeds each, engine \(Self.earlier), gauntlet 0.1.0, 2026-01-31T12:00:00Z\n"
      ))
    let pruned = try gauntlet("baseline prune --scenario tiny.yaml --baseline baseline.json")
    #expect(pruned.status == 0 && pruned.errors == Self.baselineNote + "nothing to drop\n")
  }

  // MARK: - Beside this engine

  @Test func theGateComparesNothing() throws {
    try runAnew()
    for (command, before, after, note) in [
      ("gate new --baseline baseline.json", Self.earlier, Self.this, Self.baselineNote),
      ("gate results --baseline new.json", Self.this, Self.earlier, Self.resultsNote),
    ] {
      for exact in ["", " --exact"] {
        let outcome = try gauntlet(command + exact)
        #expect(outcome.status == 5)
        #expect(outcome.output.contains("gate incomplete: "))
        #expect(outcome.output.contains("incomparable, nothing was compared\n"))
        #expect(
          outcome.output.replacing(/\s+/, with: " ").contains(
            "the baseline is of engine \(before), the results are of engine \(after): numbers of "
              + "different engines do not compare"))
        #expect(outcome.errors.hasPrefix(note))
      }
    }
  }

  @Test func compareSaysSoAndShowsTheNumbers() throws {
    try runAnew()
    let outcome = try gauntlet("compare results new")
    #expect(outcome.status == 0 && outcome.errors == Self.resultsNote)
    #expect(outcome.output.contains(" numbers of 4 cells: "))
    #expect(
      outcome.output.contains(
        "note: the baseline is of engine \(Self.earlier), the results are of engine \(Self.this): ")
    )
  }

  @Test func nothingIsAccepted() throws {
    try runAnew()
    for (from, baseline, ending) in [
      ("new", "baseline.json", "'baseline make --replace' starts over"),
      ("results", "new.json", "run the scenario again"),
    ] {
      let before = try folder.text(baseline)
      let outcome = try gauntlet(
        "baseline accept --from \(from) --baseline \(baseline) --reason because")
      #expect(outcome.status == 1 && outcome.output.isEmpty)
      #expect(
        outcome.errors.hasSuffix("numbers of different engines do not compare; \(ending)\n"),
        "\(outcome.errors)")
      #expect(try folder.text(baseline) == before)
    }
  }

  @Test func aNewBaselineTakesThePlaceOfTheEarlierOne() throws {
    try runAnew()
    let made = try gauntlet(
      "baseline make new -o baseline.json --replace --reason another-engine")
    #expect(made.status == 0 && !made.errors.contains("gauntlet 0.1.0"), "\(made.errors)")
    let text = try folder.text("baseline.json")
    #expect(text.contains("\"engine\": \(Self.this),"))
    #expect(text.contains("\"why\":\"first baseline\"") && text.contains("another-engine"))
    let gate = try gauntlet("gate new --baseline baseline.json -q")
    #expect(gate.status == 0 && gate.errors.isEmpty)
  }

  @Test func aBaselineOfEarlierResultsIsOneOfTheEarlierEngine() throws {
    let made = try gauntlet("baseline make results -o old.json")
    #expect(made.status == 0 && made.errors.hasPrefix(Self.resultsNote))
    #expect(try folder.text("old.json").contains("\"engine\": \(Self.earlier),"))
  }

  // MARK: - Writing

  @Test func theFolderStaysUnlessFresh() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/results")
    func texts() throws -> [String] { try names.map { try folder.text("results/\($0)") } }
    let before = try texts()
    for command in ["run", "run -n", "plan"] {
      let outcome = try gauntlet(command + " tiny.yaml -o results")
      #expect(outcome.status == 1 && outcome.output.isEmpty)
      #expect(
        outcome.errors
          == "gauntlet: results: the results are of engine \(Self.earlier) (gauntlet 0.1.0), and "
          + "this is engine \(Self.this); --fresh replaces them, or take another folder\n")
      #expect(try texts() == before)
    }
    let fresh = try gauntlet("run tiny.yaml -o results --fresh --progress none")
    #expect(fresh.status == 0)
    #expect(try folder.text("results/rounds.csv").hasPrefix("key,attack,defense,seed,round,"))
    #expect(
      try ResultFiles(path: folder.path + "/results").manifest()["engine"] as? Int == Self.this)
  }

  @Test func foldersOfTwoEnginesAreNotJoined() throws {
    try runAnew()
    for (folders, text) in [
      (
        "new results",
        "are of engine \(Self.earlier) (gauntlet 0.1.0), and the others are of engine \(Self.this): "
          + "run them with one\n"
      ),
      ("results results", "are of Gauntlet 0.1.0, which wrote rounds.csv in another form"),
      (
        "results",
        "are of Gauntlet 0.1.0, which wrote rounds.csv in another form; run it again, or join "
          + "folders with the version that wrote them\n"
      ),
    ] {
      let outcome = try gauntlet("merge \(folders) -o out")
      #expect(outcome.status == 1 && outcome.output.isEmpty)
      #expect(
        outcome.errors.hasPrefix(
          "gauntlet: results: cannot be joined with the others: the results "))
      #expect(outcome.errors.contains(text), "\(outcome.errors)")
      #expect(try !folder.names().contains("out"))
    }
  }
}
