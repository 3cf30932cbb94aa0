import Foundation
import Testing
import _TestSupport

@testable import Results

@Suite struct ResultMergeTests {
  private let root: TemporaryFolder

  init() throws { root = try TemporaryFolder() }

  /// Makes a folder of results and returns its path.
  @discardableResult private func make(
    _ name: String, _ trials: [TrialRecordV1], manifest: RunManifestV1 = Fixtures.manifest
  ) throws -> String {
    let path = root.path + "/" + name
    let writer = try ResultWriter(folder: path)
    for trial in trials { try writer.take(trial) }
    try writer.finish(manifest) { _ in nil }
    return path
  }

  private func write(_ merge: ResultMerge, to name: String = "out", fresh: Bool = false) throws {
    try merge.write(to: root.path + "/" + name, fresh: fresh, invocation: ["gauntlet", "merge"]) {
      _ in "digest"
    }
  }

  private func refusal(_ folders: [String]) -> ResultError? {
    do throws(ResultError) {
      _ = try ResultMerge(folders)
      return nil
    } catch {
      return error
    }
  }

  @Test func joinsTrialsRowsAndManifests() throws {
    var other = Fixtures.manifest
    other.started = "2025-12-31T00:00:00Z"
    other.scenario.resolved = Fixtures.manifest(axes: ["a": "1"]).scenario.resolved
    other.data = [.init(name: "more", sha256: "f00", rows: 3)]
    var first = Fixtures.manifest()
    first.finished = other.started
    let a = try make("a", [1, 2].map { Fixtures.trial($0) }, manifest: first)
    let b = try make("b", [2, 3].map { Fixtures.trial($0) }, manifest: other)
    let merge = try ResultMerge([a, b + "/"])
    #expect(merge.records == [1, 2, 3].map { Fixtures.trial($0) } && merge.tornFolders.isEmpty)
    try write(merge)

    let out = root.path + "/out"
    #expect(try ResultFolder.readTrials(out).records == merge.records)
    #expect(
      try root.text("out/rounds.csv") == Fixtures.layout.header + Fixtures.lines(merge.records))
    #expect(try root.text("out/trials.csv").split(separator: "\n").count == 4)
    let manifest = try ResultFolder.readManifest(out)
    #expect(manifest.merged == ["a", "b"] && manifest.counts == ["ok": 3])
    #expect(manifest.started == other.started && manifest.finished != nil)
    #expect(manifest.data == Fixtures.manifest.data + other.data)
    #expect(manifest.invocation == ["gauntlet", "merge"] && manifest.files.count == 3)
    #expect(try !root.text("out/run.json").contains(root.path))
    // What came out goes on like any other results.
    #expect(Setting.all(in: manifest.scenario.resolved).map(\.axes) == [[:], ["a": "1"]])
    let run = Fixtures.expectation(merge.records, manifest: manifest)
    #expect(try ResultWriter(folder: out, run: run).found.records == merge.records)
  }

  @Test func trialsThatEndedBeatThoseThatDidNot() throws {
    let failed = Fixtures.trial(1, status: .error)
    var implied = Fixtures.trial(1)
    implied.isImplied = true
    let folders = [
      try make("a", [failed]), try make("b", [implied]),
      try make("c", [Fixtures.trial(1, status: .timeout)]),
    ]
    // Asked for in one, run in another.
    let merge = try ResultMerge(folders)
    #expect(merge.records == [Fixtures.trial(1)])
    try write(merge)
    #expect(try root.text("out/rounds.csv").split(separator: "\n").count == 3)
    #expect(try ResultMerge([folders[1], folders[1]]).records == [implied])
  }

  @Test func timesMayDiffer() throws {
    let folders = try [1.0, 2.0].enumerated().map { number, seconds in
      try make(
        "\(number)", [Fixtures.trial(1, metrics: ["cost.seconds": seconds, "asr.stop": 0.25])])
    }
    #expect(try ResultMerge(folders).records.count == 1)
  }

  @Test func otherNumbersOfOneKeyAreListed() throws {
    let first = try make("a", (1...12).map { Fixtures.trial($0) })
    let second = try make(
      "b",
      (1...12).map { Fixtures.trial($0, metrics: ["accuracy.final": 0.5 + Double($0) / 100]) })
    let error = try #require(refusal([first, second]))
    guard case .nondeterministic(let differences) = error else {
      Issue.record(error)
      return
    }
    #expect(differences.map(\.seed) == Array(1...12))
    let lines = error.description.split(separator: "\n")
    #expect(lines.count == 12)
    #expect(
      lines[1]
        == "backdoor/krum, seed 1: accuracy.final is 0.5 and 0.51 (\(Fixtures.key(1)))")
    #expect(lines[11] == "and 2 more trials")
    #expect(try root.names() == ["a", "b"])
  }

  @Test func otherNumbersOfOneKeyInOneFolderAreListed() throws {
    let lines = [0.5, 0.25].map { Fixtures.trial(1, metrics: ["accuracy.final": $0]) }
    let a = root.path + "/a"
    let writer = try ResultWriter(folder: a)
    try writer.append(rounds: Fixtures.rounds(lines[0]), of: lines[0])
    try writer.append([lines[0], Fixtures.trial(1, status: .error), lines[1]])
    try writer.finish(Fixtures.manifest) { _ in nil }
    guard case .nondeterministic(let differences) = try #require(refusal([a])) else {
      Issue.record("two numbers for one trial were taken")
      return
    }
    #expect(differences.map(\.values) == [["0.5", "0.25"]])
  }

  @Test func gapsThatALaterLineFillsAreNoContradiction() throws {
    var lacking = Fixtures.trial(
      1, metrics: ["accuracy.final": 0.5, "cost.train": nil, "drop": nil])
    lacking.absent["drop"] = "its twin failed"
    let whole = Fixtures.trial(1, metrics: ["accuracy.final": 0.5, "cost.train": 1, "drop": 0.25])
    #expect(TrialDifference(lacking, mendedBy: whole) == nil)
    #expect(TrialDifference(lacking, whole)?.name == "drop")
    var other = whole
    other.parametersSHA256 = Fixtures.key(8)
    #expect(TrialDifference(lacking, mendedBy: other)?.name == "parameters_sha256")
  }

  struct Change: Sendable, CustomTestStringConvertible {
    var name: String
    var apply: @Sendable (inout TrialRecordV1) -> Void
    var testDescription: String { name }
  }

  static let changes = [
    Change(name: "parameters_sha256") { $0.parametersSHA256 = Fixtures.key(5) },
    Change(name: "censored") { $0.censored = ["accuracy.final"] },
    Change(name: "accuracy.final") {
      $0.metrics["accuracy.final"] = .some(nil)
      $0.absent["accuracy.final"] = "no reason"
    },
    Change(name: "asr.stop") { $0.metrics["asr.stop"] = 1 },
    Change(name: "status") {
      $0.status = .notApplicable
      $0.rounds = 2
    },
  ]

  @Test(arguments: changes) func everyNumberCounts(change: Change) throws {
    var changed = Fixtures.trial(1)
    change.apply(&changed)
    let difference = TrialDifference(Fixtures.trial(1), changed)
    #expect(difference?.name == change.name && difference?.count == 1)
    changed.status = .error
    #expect(TrialDifference(Fixtures.trial(1), changed) == nil)
  }

  @Test func foldersThatDoNotFitAreRefused() throws {
    let a = try make("a", [Fixtures.trial(1)])
    var manifest = Fixtures.manifest
    manifest.engine = 2
    let engine = try make("engine", [], manifest: manifest)
    manifest = Fixtures.manifest
    manifest.scenario.name = "other"
    let scenario = try make("scenario", [], manifest: manifest)
    var trial = Fixtures.trial(1)
    trial.key = Fixtures.key(9)
    let key = try make("key", [trial])
    for (other, reason) in [
      (
        engine,
        "the results are of engine 2 (gauntlet 0.1.0), and the others are of engine 1: run them with one"
      ),
      (scenario, "the results are of the scenario 'other', not 'core'"),
      (
        key,
        "1 of 1 recorded trials, such as backdoor/krum with seed 1, were run with other "
          + "parameters or data"
      ),
    ] {
      #expect(refusal([a, other]) == .cannotJoin(path: other, reason: reason))
    }
    try root.write(#"{"schema":"gauntlet/results/9"}"#, to: "key/run.json")
    #expect(
      refusal([a, key])
        == .unsupportedSchema(path: key + "/run.json", found: "gauntlet/results/9"))
    try FileManager.default.removeItem(atPath: a + "/rounds.csv")
    guard case .incomplete = refusal([a]) else {
      Issue.record("a folder without rounds.csv was taken")
      return
    }
    #expect(
      refusal([root.path + "/none"])
        == .unreadable(path: root.path + "/none/trials.jsonl", reason: "no such file"))
  }

  @Test func tornLinesAndTheirRowsAreLeftOut() throws {
    let a = try make("a", [1, 2].map { Fixtures.trial($0) })
    try root.write(String(try root.text("a/trials.jsonl").dropLast(9)), to: "a/trials.jsonl")
    let merge = try ResultMerge([a])
    #expect(merge.tornFolders == [a] && merge.records == [Fixtures.trial(1)])
    try write(merge)
    #expect(try root.text("out/rounds.csv").split(separator: "\n").count == 3)
  }

  @Test func theOutputHasToBeEmptyUnlessFresh() throws {
    let a = try make("a", [Fixtures.trial(1)])
    let b = try make("b", [Fixtures.trial(2)])
    let merge = try ResultMerge([a])
    #expect(throws: ResultError.alreadyHasTrials(path: b)) { try write(merge, to: "b") }
    #expect(try ResultFolder.readTrials(b).records == [Fixtures.trial(2)])
    try write(merge, to: "b", fresh: true)
    #expect(try ResultFolder.readTrials(b).records == [Fixtures.trial(1)])
    // Never one of those that are read.
    for name in ["a", "./a", "b/../a"] {
      #expect(throws: ResultError.outputIsInput(path: root.path + "/" + name)) {
        try write(merge, to: name, fresh: true)
      }
    }
    #expect(try ResultFolder.readTrials(a).records == [Fixtures.trial(1)])
  }
}
