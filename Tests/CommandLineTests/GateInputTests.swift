import Foundation
import Simulation
import Testing
import _TestSupport

/// Baselines and results that a gate cannot trust: never a pass, and always a reason.
@Suite(.recordedResults) struct GateInputTests {
  private let folder: TemporaryFolder
  private var results: ResultFiles { ResultFiles(path: folder.path + "/results") }

  init() throws { folder = try RecordedResults.copy() }

  private func gate(_ options: String...) throws -> Program.Outcome {
    try Program.run(
      ["gate", "results", "--baseline", "baseline.json", "--junit", "gate.xml"] + options,
      in: folder.path)
  }

  private func expectRefusal(
    _ error: String, status: Int32 = 1, _ location: SourceLocation = #_sourceLocation
  ) throws {
    let before = try folder.names()
    let outcome = try gate()
    #expect(outcome.status == status && outcome.output.isEmpty, sourceLocation: location)
    #expect(outcome.errors.hasPrefix("gauntlet: " + error), sourceLocation: location)
    #expect(!outcome.errors.contains("NSCocoaErrorDomain"), sourceLocation: location)
    #expect(try folder.names() == before, sourceLocation: location)
  }

  // MARK: - Baselines

  struct Edit: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var error: String
    var edit: @Sendable (String) -> String
  }

  static let edits: [Edit] = [
    .init(testDescription: "NaN", error: "baseline.json:38: a number is needed, not 'NaN") {
      $0.replacing(/"accuracy\.final": \[[0-9.]+,/, with: #""accuracy.final": [NaN,"#)
    },
    .init(
      testDescription: "duplicate cell",
      error: "baseline.json:39: the key 'backdoor/krum' is given twice"
    ) {
      let cell = $0.split(separator: "\n").first { $0.contains("\"backdoor/krum\": ") } ?? ""
      return $0.replacing(cell, with: cell + "\n" + cell)
    },
    .init(
      testDescription: "unknown metric",
      error: "baseline.json:23: there is no metric 'asr.stopp'; did you mean 'asr.stop'?"
    ) { $0.replacing("\"asr.stop\"", with: "\"asr.stopp\"") },
    .init(
      testDescription: "future schema",
      error: "baseline.json:2: has the format 'gauntlet/baseline/2'; this version reads "
    ) { $0.replacing("gauntlet/baseline/1", with: "gauntlet/baseline/2") },
    .init(testDescription: "unknown key", error: "baseline.json:14: unknown key 'policy.alpa'") {
      $0.replacing("\"alpha\"", with: "\"alpa\"").replacing(/(?m)^ {4}"alpa"/, with: "    \"alpa\"")
    },
    .init(testDescription: "empty", error: "baseline.json: the file is empty") { _ in "" },
    .init(testDescription: "cut", error: "baseline.json:41: breaks off ") {
      String($0.dropLast(500))
    },
    .init(testDescription: "results instead", error: "baseline.json:") { _ in
      "{\"type\":\"trial\"}\n"
    },
  ]

  @Test(arguments: edits) func badBaselines(edit: Edit) throws {
    try folder.write(edit.edit(try folder.text("baseline.json")), to: "baseline.json")
    try expectRefusal(edit.error)
  }

  @Test func noBaselineIsFive() throws {
    try FileManager.default.removeItem(atPath: folder.path + "/baseline.json")
    try expectRefusal(
      "baseline.json: no such file; 'gauntlet baseline make' records one", status: 5)
    try FileManager.default.createDirectory(
      atPath: folder.path + "/baseline.json", withIntermediateDirectories: false)
    try expectRefusal("baseline.json: ")
  }

  @Test func anExpiredOverrideIsAWarning() throws {
    let files = ResultFiles(path: folder.path)
    try files.replace("fault too\"}", "fault too\",\"until\":\"2020-01-31\"}", in: "baseline.json")
    let outcome = try gate()
    #expect(outcome.status == 0 && outcome.output.contains("1 warning"))
    #expect(outcome.output.replacing(/\s+/, with: " ").contains("ended on 2020-01-31 and is not"))
    #expect(try gate("--strict").status == 3)
    try files.replace("2020-01-31", "2999-01-31", in: "baseline.json")
    #expect(try gate("--strict").status == 0)
  }

  @Test func cellsThatAreGoneAreMissing() throws {
    let files = ResultFiles(path: folder.path)
    try files.replace("\"none/krum\":", "\"none/multi-krum\":", in: "baseline.json")
    let outcome = try gate()
    #expect(outcome.status == 5)
    #expect(outcome.output.contains("none/multi-krum: the results have no such cell"))
    #expect(outcome.output.contains("1 cell of the results is not in the baseline: none/krum"))
    try files.replace(#""missing": "fail""#, #""missing": "warn""#, in: "baseline.json")
    #expect(try gate().status == 0)
  }

  // MARK: - Results

  @Test func aLostTrialIsMissing() throws {
    try results.write(
      String(try folder.text("results/trials.jsonl").dropLast(100)), to: "trials.jsonl")
    for options in [[], ["--exact"]] {
      let outcome = try Program.run(
        ["gate", "results", "--baseline", "baseline.json"] + options, in: folder.path)
      #expect(outcome.status == 5)
      #expect(outcome.errors == "results/trials.jsonl:20: breaks off and is left out\n")
      #expect(outcome.output.contains(/\w+\/\w+: the results lack seed \d/))
    }
    // A regression is one, whatever else was lost.
    try results.write(
      try results.lines("trials.jsonl").dropLast().map { $0 + "\n" }.joined(), to: "trials.jsonl")
    #expect(try gate().status == 5)
    try results.add([-0.2], to: "accuracy.final", of: "none/krum")
    #expect(try gate().status == 2)
  }

  @Test func aFailedTrialIsMissingAndSaysWhy() throws {
    try results.fail("none/krum", seed: 2, message: "out of memory")
    let outcome = try gate()
    #expect(outcome.status == 5)
    #expect(outcome.output.contains("none/krum: seed 2: the trial failed: out of memory"))
    try ResultFiles(path: folder.path).replace(
      #""missing": "fail""#, #""missing": "warn""#, in: "baseline.json")
    #expect(try gate().status == 0)
    #expect(try gate("--strict").status == 3)
  }

  @Test func trialsThatWereEditedSinceTheRunAreTold() throws {
    let trials = try folder.text("results/trials.jsonl")
    try folder.write(
      trials.replacing("\"seed\":", with: "\"seed\": "), to: "results/trials.jsonl")
    let outcome = try gate()
    #expect(outcome.status == 0)
    #expect(
      outcome.errors
        == "results/trials.jsonl: is not what run.json recorded; it was changed since the run ended\n"
    )
  }

  @Test func aTornLineInTheMiddleIsAnError() throws {
    try results.replace("\"metrics\":{", "\"metrics\":", in: "trials.jsonl")
    try expectRefusal("results/trials.jsonl:1: ")
  }

  @Test func anotherEngine() throws {
    let (this, next) = (Engine.number, Engine.number + 1)
    try results.replace("\"engine\" : \(this)", "\"engine\" : \(next)", in: "run.json")
    let mixed = try gate()
    #expect(mixed.status == 5)
    try results.replace("\"engine\":\(this)", "\"engine\":\(next)", in: "trials.jsonl")
    let outcome = try gate()
    #expect(outcome.status == 5)
    #expect(outcome.output.hasPrefix("gate incomplete: 36 incomparable, nothing was compared\n"))
    #expect(
      outcome.output.replacing(/\s+/, with: " ").contains(
        "the baseline is of engine \(this), the results are of engine \(next): numbers of different"
      ))
  }

  @Test func otherDataAndAnotherSetting() throws {
    try results.write(
      try folder.text("results/run.json").replacing(
        /"data" : \[\s*\]/, with: #""data": [{"name": "digits", "sha256": "abc", "rows": 9}]"#),
      to: "run.json")
    let data = try gate()
    #expect(data.status == 5 && data.output.contains("other data: none then, digits abc now"))
    let run = try Program.run(
      ["run", "tiny.yaml", "-o", "results", "--fresh", "--set", "rounds=4"], in: folder.path)
    #expect(run.status == 0)
    let setting = try gate()
    #expect(setting.status == 5)
    #expect(setting.output.contains("another setting: rounds was 3, is 4"))
  }

  @Test func noTrialsAtAll() throws {
    try results.write("", to: "trials.jsonl")
    let outcome = try gate()
    #expect(outcome.status == 5)
    #expect(outcome.output.hasPrefix("gate incomplete: 36 missing, nothing was compared\n"))
  }

  @Test func foldersThatAreNone() throws {
    let files = FileManager.default
    try files.removeItem(atPath: results.path + "/trials.jsonl")
    try expectRefusal("results/trials.jsonl: cannot be read: no such file")
    try files.removeItem(atPath: results.path + "/run.json")
    try expectRefusal(
      "results: holds no results: 'run' and 'merge' write run.json and trials.jsonl, and neither is "
        + "there")
    try files.removeItem(atPath: results.path)
    try expectRefusal("results: no such folder; 'gauntlet run' writes one")
    try folder.write("", to: "results")
    try expectRefusal("results: is a file, and a folder is needed")
  }
}
