import Foundation
import Results
import Testing
import _TestSupport

@testable import Studies

/// Curves from `rounds.csv`, with known answers.
@Suite struct CurveReadingTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let header = "key,attack,defense,seed,round,accuracy,asr\n"

  private static func record(
    _ attack: String, seed: Int, key: Int? = nil, status: TrialStatus = .ok
  ) -> TrialRecordV1 {
    // Short keys end in a letter, so that they have 12 digits.
    let start = String(format: "%011d", key ?? seed)
    return TrialRecordV1(
      key: start + "a" + String(repeating: "0", count: 52), attack: attack, defense: "mean",
      seed: seed, engine: 1, status: status, rounds: 2)
  }

  private static func row(_ trial: TrialRecordV1, _ round: Int, _ values: String) -> String {
    "\(trial.key.prefix(12)),\(trial.attack),\(trial.defense),\(trial.seed),\(round),\(values)\n"
  }

  private func read(
    _ rows: [String], _ records: [TrialRecordV1], _ series: [String] = ["accuracy", "asr"]
  ) throws -> CurveTable {
    try folder.write(Self.header + rows.joined(), to: "rounds.csv")
    return try CurveTable.read(folder: folder.path, records: records, series: series)
  }

  private static let cell = CellID(attack: "alie", defense: "mean")

  @Test func meansAndExtremesAreThoseOfTheSeeds() throws {
    let trials = [1, 2, 3].map { Self.record("alie", seed: $0) }
    let table = try read(
      [
        Self.row(trials[0], 0, "0.25,0"), Self.row(trials[0], 1, "0.5,1"),
        Self.row(trials[1], 0, "0.5,0"), Self.row(trials[1], 1, "0.75,0"),
        Self.row(trials[2], 0, "0.375,0"), Self.row(trials[2], 1, "0.25,0.5"),
      ], trials)
    #expect(
      table
        == CurveTable([
          Self.cell: [
            "accuracy": .init([
              .init(round: 0, mean: 0.375, low: 0.25, high: 0.5),
              .init(round: 1, mean: 0.5, low: 0.25, high: 0.75),
            ]),
            "asr": .init([
              .init(round: 0, mean: 0, low: 0, high: 0),
              .init(round: 1, mean: 0.5, low: 0, high: 1),
            ]),
          ]
        ]))
  }

  @Test func pointsAreOverTheSeedsThatAreThere() throws {
    let trials = [1, 2, 3].map { Self.record("alie", seed: $0) }
    // The first lacks its round 1, the second a value, the third all rows.
    let table = try read(
      [
        Self.row(trials[0], 0, "0.25,"), Self.row(trials[0], 2, "0.5,"),
        Self.row(trials[1], 0, ","), Self.row(trials[1], 1, "0.75,"),
        Self.row(trials[1], 2, "1,"),
      ], trials)
    #expect(
      table.curves == [
        Self.cell: [
          "accuracy": .init([
            .init(round: 0, mean: 0.25, low: 0.25, high: 0.25),
            .init(round: 1, mean: 0.75, low: 0.75, high: 0.75),
            .init(round: 2, mean: 0.75, low: 0.5, high: 1),
          ])
        ]
      ])
  }

  @Test func theOrderOfTheFileDoesNotMatter() throws {
    // 0.1 + 0.2 + 0.3 in another order is another sum.
    let values = ["0.1", "0.2", "0.3", "0.7"]
    let trials = (1...4).map { Self.record("alie", seed: $0) }
    let rows = zip(trials, values).map { Self.row($0, 0, "\($1),") }
    let tables = try [rows, rows.reversed()].map { try read($0, trials.shuffled()) }
    #expect(tables[0] == tables[1])
    #expect(tables[0][Self.cell, "accuracy"]?.points.first?.mean == (0.1 + 0.2 + 0.3 + 0.7) / 4)
  }

  @Test func equalValuesAreTheirMean() throws {
    let trials = (1...3).map { Self.record("alie", seed: $0) }
    let table = try read(trials.map { Self.row($0, 0, "0.1,") }, trials)
    #expect(
      table[Self.cell, "accuracy"]?.points == [.init(round: 0, mean: 0.1, low: 0.1, high: 0.1)])
  }

  @Test func onlyTheLastTrialOfACellAndSeedCounts() throws {
    let (old, new) = (
      Self.record("alie", seed: 1, key: 1), Self.record("alie", seed: 1, key: 2)
    )
    let rows = [Self.row(old, 0, "0,"), Self.row(new, 0, "1,")]
    #expect(try read(rows, [old, new])[Self.cell, "accuracy"]?.points.map(\.mean) == [1])
    var failed = new
    failed.status = .error
    #expect(try read(rows, [old, failed]).curves.isEmpty)
  }

  @Test func otherCellsAndSeriesAreLeftOut() throws {
    let trials = ["alie", "ipm"].map { Self.record($0, seed: 1, key: $0.count) }
    let table = try read(
      trials.map { Self.row($0, 0, "0.5,1") }, [trials[1]], ["asr", "cost.seconds"])
    #expect(
      table.curves == [
        CellID(attack: "ipm", defense: "mean"): [
          "asr": .init([.init(round: 0, mean: 1, low: 1, high: 1)])
        ]
      ])
    #expect(table.absence == nil)
  }

  @Test func whatCannotBeReadIsSaid() throws {
    let trial = Self.record("alie", seed: 1)
    let none = try CurveTable.read(folder: folder.path, records: [trial], series: ["accuracy"])
    #expect(none == CurveTable(absence: .missing))
    try folder.write("key,cell,seed,round,metric,value\n", to: "rounds.csv")
    let long = try CurveTable.read(folder: folder.path, records: [trial], series: ["accuracy"])
    #expect(long == CurveTable(absence: .long))
    #expect(throws: ResultError.self) { try read([Self.row(trial, 0, "x,")], [trial]) }
  }
}
