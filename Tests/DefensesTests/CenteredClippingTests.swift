import Components
import Defenses
import Determinism
import Federation
import Tensors
import Testing

@Suite struct CenteredClippingTests {
  @Test func agreesWithReference() throws { try KnownRounds.check("centered-clipping.json") }

  @Test func theCenterIsTheLastAggregate() throws {
    var rule = try makeRule("centered-clipping", ["tau": .real(1)], rows: 2)
    let rows = makeUpdates([[10], [10]])
    // Each round goes one further: a bound on what any round can do.
    for expected in [1, 2, 3] as [Float] {
      #expect(try rule.aggregate(rows, in: makeRound()).update == [expected])
    }
  }

  @Test func anAttackerMovesItByNoMoreThanItsShareOfTau() throws {
    var rule = try makeRule("centered-clipping", ["tau": .real(2)], rows: 4)
    let result = try rule.aggregate(makeUpdates([[0], [0], [0], [1e30]]), in: makeRound())
    #expect(result.update == [0.5])
    #expect(result.verdicts.map(\.disposition) == [.accepted, .accepted, .accepted, .downweighted])
  }

  @Test func nothingClippedForgetsAFarCenter() throws {
    var rule = try makeRule("centered-clipping", ["tau": .real(3.3e38)], rows: 3)
    _ = try rule.aggregate(makeUpdates([[3e38], [3e38], [3e38]]), in: makeRound())
    let rows = makeUpdates([[1e-5], [2e-5], [6e-5]])
    #expect(agree(try rule.aggregate(rows, in: makeRound()).update, [3e-5]))
  }

  @Test func noColumnsAreNoTrouble() throws {
    var rule = try makeRule("centered-clipping", rows: 3)
    let rows = UpdateMatrix(Matrix<Float>(rowCount: 3, columnCount: 0))
    let result = try rule.aggregate(rows, in: makeRound())
    #expect(result.update.isEmpty && result.verdicts.count == 3)
  }
}
