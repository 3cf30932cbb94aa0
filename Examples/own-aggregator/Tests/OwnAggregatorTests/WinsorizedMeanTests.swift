import Components
import Determinism
import Federation
import OwnAggregator
import Tensors
import Testing

@Suite struct WinsorizedMeanTests {
  private func mean(_ rows: [[Float]], f: Int) throws -> [Float] {
    var rule = try WinsorizedMean(
      Arguments(["f": .integer(f)], for: WinsorizedMean.manifest),
      setup: DefenseSetup(participantCount: rows.count))
    let updates = UpdateMatrix(
      values: Matrix(rowCount: rows.count, columnCount: rows[0].count, values: rows.flatMap { $0 }),
      provenance: rows.indices.map { Provenance(ClientID($0)) },
      weights: [Double](repeating: 1 / Double(rows.count), count: rows.count))
    let round = RoundContext(
      round: 0, global: [], seed: SeedPath(root: 1), pool: WorkPool(width: 1))
    return try rule.aggregate(updates, in: round).update
  }

  @Test func theFarthestValuesAreDrawnIn() throws {
    // 0 and 100 become 1 and 3: (1 + 1 + 2 + 3 + 3) / 5.
    #expect(try mean([[0], [1], [2], [3], [100]], f: 1) == [2])
    #expect(try mean([[0], [1], [2], [3], [100]], f: 0) == [21.2])
  }

  @Test func tooFewRowsAreRefused() {
    #expect(throws: ConfigurationError.self) { try mean([[1], [2]], f: 1) }
  }
}
