import Components
import Defenses
import Federation
import Tensors
import Testing

@Suite struct QuantileClippingTests {
  @Test func agreesWithReference() throws { try KnownStage.check("quantile-clipping.json") }

  @Test func theBoundMovesOnlyAfterItsRound() throws {
    // All beyond: C grows by exp(0.2 · 0.5) a round.
    var stage = try makeStage("quantile-clipping", ["bound": .real(1)], rows: 2)
    for expected in [1, 1.1051709180756477, 1.2214027581601699] {
      var updates = makeUpdates([[30, 40], [0, -9]])
      try stage.transform(&updates, in: makeRound())
      for row in 0..<2 {
        #expect(abs(updates.values.norm(ofRow: row) - expected) < 1e-6)
      }
    }
  }

  @Test func rowsAtTheBoundCountAsWithinIt() throws {
    var stage = try makeStage(
      "quantile-clipping", ["bound": .real(5), "quantile": .real(1), "rate": .real(1)], rows: 1)
    for _ in 0..<2 {
      var updates = makeUpdates([[3, 4]])
      try stage.transform(&updates, in: makeRound())
      #expect(updates.values.values == [3, 4])
    }
  }

  @Test func itComesBackFromBothEnds() throws {
    for (bound, quantile) in [(2e-38, 0.0), (3e38, 1.0)] {
      var stage = try makeStage(
        "quantile-clipping",
        ["bound": .real(bound), "quantile": .real(quantile), "rate": .real(100)], rows: 2)
      for _ in 0..<20 {
        var updates = makeUpdates([[3, 4], [0, 0]])
        try stage.transform(&updates, in: makeRound())
        #expect(updates.values.values.allSatisfy { $0.isFinite })
      }
    }
  }

  @Test func copyIsASnapshot() throws {
    var stage = try makeStage("quantile-clipping", rows: 2)
    func next(_ stage: inout any PreAggregator) throws -> [Float] {
      var updates = makeUpdates([[30, 40], [0, -9]])
      try stage.transform(&updates, in: makeRound())
      return updates.values.values
    }
    _ = try next(&stage)
    var copy = stage
    let expected = try next(&stage)
    _ = try next(&stage)
    let got = try next(&copy)
    #expect(got == expected && copy.isCopyable)
  }
}
