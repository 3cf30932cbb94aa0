import Foundation
import Testing
import _TestSupport

@testable import Results

/// Folders whose `rounds.csv` has other columns than those that a run writes.
@Suite struct RoundsColumnsTests {
  private static let long = "key,cell,seed,round,metric,value\n"

  private let root: TemporaryFolder
  private let trials = [1, 2].map { Fixtures.trial($0) }

  init() throws { root = try TemporaryFolder() }

  /// A folder with results, and its path.
  private func make(
    _ name: String, _ trials: [TrialRecordV1], layout: RoundsLayout = Fixtures.layout
  ) throws -> String {
    let path = root.path + "/" + name
    let writer = try ResultWriter(folder: path, layout: layout)
    for trial in trials { try writer.take(trial) }
    try writer.finish(Fixtures.manifest) { _ in nil }
    return path
  }

  /// What Gauntlet 0.1.0 wrote into `rounds.csv`.
  private func longText(_ trials: [TrialRecordV1]) -> String {
    Self.long
      + trials.flatMap { trial in
        (0..<trial.rounds).map { "\(trial.key),\(trial.cell),\(trial.seed),\($0),accuracy,\($0)\n" }
      }.joined()
  }

  private static let others: [(RoundsLayout, String)] = [
    (RoundsLayout(axes: [], series: ["accuracy"]), "without loss"),
    (RoundsLayout(axes: [], series: ["accuracy", "loss", "asr"]), "with asr"),
    (RoundsLayout(axes: ["b"], series: ["accuracy"]), "without loss, with b"),
    (RoundsLayout(axes: [], series: ["loss", "accuracy"]), "in another order"),
    (
      RoundsLayout(axes: [], series: ["a", "b", "c", "d", "e"]),
      "without accuracy, loss, with a, b, c and 2 more"
    ),
  ]

  @Test(arguments: others) func otherColumnsAreRefused(layout: RoundsLayout, words: String) throws {
    let folder = try make("results", trials, layout: layout)
    let before = try root.text("results/rounds.csv")
    let error = ResultError.differs(
      path: folder, reason: "the results have other columns in rounds.csv: \(words)")
    #expect(throws: error) { try ResultWriter(folder: folder) }
    #expect(throws: error) { try ResultFolder.survey(folder, layout: Fixtures.layout) }
    #expect(try ResultFolder.survey(folder, layout: layout).records == trials)
    #expect(try root.text("results/rounds.csv") == before)
    #expect(try ResultFolder.readTrials(folder).records == trials)
    _ = try ResultWriter(folder: folder, fresh: true)
    #expect(try root.text("results/rounds.csv") == Fixtures.layout.header)
  }

  @Test func theFormOfTheFirstVersionIsRefused() throws {
    let folder = try make("results", trials)
    try root.write(longText(trials), to: "results/rounds.csv")
    let reason = "the results are of Gauntlet 0.1.0, which wrote rounds.csv in another form"
    let error = ResultError.differs(path: folder, reason: reason)
    #expect(throws: error) { try ResultWriter(folder: folder) }
    #expect(throws: error) { try ResultFolder.survey(folder, layout: Fixtures.layout) }
    #expect(
      error.description == "\(folder): \(reason); --fresh replaces them, or take another folder")
    #expect(try root.text("results/rounds.csv") == longText(trials))
    // It reads like any other results.
    #expect(try ResultFolder.readTrials(folder).records == trials)
    // Another engine is the better reason.
    #expect(throws: ResultError.self) {
      try ResultWriter(folder: folder, run: Fixtures.expectation(trials, engine: 2))
    }
    do throws(ResultError) {
      _ = try ResultWriter(folder: folder, run: Fixtures.expectation(trials, engine: 2))
    } catch {
      #expect(error.description.contains("are of engine 1 (gauntlet 0.1.0), and this is engine 2"))
    }
  }

  @Test func withoutTrialsTheFileIsWrittenAnew() throws {
    let failed = Fixtures.trial(1, status: .error)
    for (name, kept) in [("none", []), ("failed", [failed])] {
      for (number, text) in [
        longText(trials), Self.others[1].0.header, String(Self.long.dropLast(3)),
      ].enumerated() {
        let folder = try make("\(name)-\(number)", kept)
        try root.write(text, to: "\(name)-\(number)/rounds.csv")
        #expect(try ResultWriter(folder: folder).found.records == kept)
        #expect(try root.text("\(name)-\(number)/rounds.csv") == Fixtures.layout.header)
      }
    }
  }

  @Test func aHeaderThatNobodyWritesIsNotOurs() throws {
    let folder = try make("results", [])
    try root.write("key,attack,defense,mine\n", to: "results/rounds.csv")
    #expect(throws: ResultError.notOurs(path: folder + "/rounds.csv")) {
      try ResultWriter(folder: folder)
    }
  }

  @Test func aStartOfAKeyMayBeThatOfTwo() throws {
    let start = String(Fixtures.key.prefix(12))
    func key(_ number: Int) -> String { start + Fixtures.key(number).dropFirst(12) }
    let twins = [
      Fixtures.record(key: key(1), rounds: 2), Fixtures.record(key: key(2), seed: 10, rounds: 2),
      Fixtures.record(key: key(3), defense: "mean", rounds: 2),
    ]
    let folder = try make("results", twins)
    #expect(try ResultWriter(folder: folder).found.records == twins)
    // Each of them has its own lines.
    let text = try root.text("results/rounds.csv")
    for lost in twins.indices {
      let lines = Fixtures.layout.lines(Fixtures.rounds(twins[lost]), of: twins[lost])
      try root.write(text.replacing(lines, with: ""), to: "results/rounds.csv")
      #expect(try ResultWriter(folder: folder).lackingRounds == [twins[lost]])
    }
  }

  @Test func axesTellTrialsApart() throws {
    let layout = RoundsLayout(axes: ["lr"], series: ["accuracy"])
    let trials = ["0.1", "0.10"].map { Fixtures.record(axes: ["lr": $0], rounds: 2) }
    let folder = try make("results", trials, layout: layout)
    #expect(try ResultWriter(folder: folder, layout: layout).found.records == trials)
    let merge = try ResultMerge([folder])
    try merge.write(to: root.path + "/out", invocation: []) { _ in nil }
    #expect(try root.text("out/rounds.csv") == root.text("results/rounds.csv"))
  }

  // MARK: - Joining

  @Test(arguments: others) func foldersWithOtherColumnsAreNotJoined(
    layout: RoundsLayout, words: String
  ) throws {
    let folders = [
      try make("a", [trials[0]]), try make("b", [trials[1]], layout: layout),
    ]
    let expected = ResultError.cannotJoin(
      path: folders[1],
      reason:
        "the results have other columns in rounds.csv: \(words); run it again, or join folders "
        + "with the version that wrote them")
    #expect(throws: expected) { try ResultMerge(folders) }
    #expect(try ResultMerge([folders[1]]).records == [trials[1]])
  }

  @Test func foldersOfTheFirstVersionAreNotJoined() throws {
    let folder = try make("old", trials)
    try root.write(longText(trials), to: "old/rounds.csv")
    let expected = ResultError.cannotJoin(
      path: folder,
      reason: "the results are of Gauntlet 0.1.0, which wrote rounds.csv in another form; run it "
        + "again, or join folders with the version that wrote them")
    #expect(throws: expected) { try ResultMerge([folder]) }
    let new = try make("new", [Fixtures.trial(3)])
    #expect(throws: expected) { try ResultMerge([new, folder]) }
  }

  @Test func theColumnsAreThoseOfTheFolderThatHasRows() throws {
    let idle = try make(
      "idle", [Fixtures.trial(9, status: .error)], layout: RoundsLayout(axes: ["b"], series: ["c"]))
    let full = try make("full", trials)
    for folders in [[idle, full], [full, idle]] {
      let merge = try ResultMerge(folders)
      try merge.write(to: root.path + "/out", fresh: true, invocation: []) { _ in nil }
      #expect(try root.text("out/rounds.csv") == root.text("full/rounds.csv"))
    }
  }
}
