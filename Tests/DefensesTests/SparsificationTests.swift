import Components
import Defenses
import Federation
import Tensors
import Testing

@Suite struct SparsificationTests {
  @Test func agreesWithReference() throws { try KnownStage.check("sparsify.json") }

  @Test(arguments: [1, 2, 9, 100, 5000]) func whatIsKeptHasItsBits(columns: Int) throws {
    let rows = makeNormal(rows: 4, columns: columns, seed: UInt64(columns))
    for keep in [0.1, 0.5, 0.99] {
      var stage = try makeStage("sparsify", ["keep": .real(keep)], rows: 4)
      var updates = makeUpdates(rows)
      try stage.transform(&updates, in: makeRound(width: 3))
      let count = max(1, DecimalShare(keep).count(of: columns))
      for (row, values) in rows.enumerated() {
        // Normal values do not tie.
        let limit = values.map(abs).sorted(by: >)[count - 1]
        let expected = values.map { abs($0) >= limit ? Float($0) : 0 }
        #expect(updates.values.row(row) == expected)
      }
    }
  }

  @Test func theShareIsADecimalNumber() throws {
    var stage = try makeStage("sparsify", ["keep": .real(0.29)], rows: 1)
    var updates = makeUpdates([.init(repeating: 1, count: 100)])
    try stage.transform(&updates, in: makeRound())
    // Ties go to the lower index.
    #expect(updates.values.values == (0..<100).map { $0 < 29 ? 1 : 0 })
  }

  @Test func noColumnsAreNoTrouble() throws {
    var updates = UpdateMatrix(Matrix<Float>(rowCount: 3, columnCount: 0))
    var stage = try makeStage("sparsify", rows: 3)
    try stage.transform(&updates, in: makeRound())
    #expect(updates.rowCount == 3 && updates.columnCount == 0)
  }

  @Test(arguments: [-0.1, 1.1]) func keepIsAShare(value: Double) {
    #expect(throws: ConfigurationError.self) {
      _ = try makeStage("sparsify", ["keep": .real(value)], rows: 3)
    }
  }
}
