import Defenses
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@Suite struct StageTests {
  private let known = [[1.0, 2, 3], [4, 5, 6], [7, 8, 9]]

  private func make<P: PreAggregator>(
    _: P.Type, _ given: [String: ArgumentValue], rows: Int
  ) throws -> P {
    try P(Arguments(given, for: P.manifest), setup: DefenseSetup(participantCount: rows))
  }

  @Test func clippingShortensToTheBound() throws {
    var stage = try make(Clipping.self, ["bound": .real(2)], rows: 3)
    let updates = makeUpdates(known, Double.self)
    let clipped = try stage.transform(updates, in: makeRound())
    #expect(agree(clipped.values.row(0), [0.5345, 1.0690, 1.6036], tolerance: 1e-4))
    for row in 0..<3 { #expect(abs(Double.squaredNorm(clipped.values.row(row).span) - 4) < 1e-12) }
    #expect(updates.values == makeUpdates(known, Double.self).values)
    #expect(clipped.provenance == updates.provenance && clipped.weights == updates.weights)
  }

  @Test func clippingLeavesShortAndZeroRowsAlone() throws {
    var stage = try make(Clipping.self, ["bound": .integer(5)], rows: 2)
    let updates = makeUpdates([[3, 4], [0, 0]], Float.self)
    #expect(try stage.transform(updates, in: makeRound()).values == updates.values)
  }

  @Test func clippingNeedsItsBound() {
    let error = #expect(throws: ConfigurationError.self) { try make(Clipping.self, [:], rows: 3) }
    #expect(error?.problems == [.missingValue(component: "clipping", name: "bound")])
  }

  @Test func mixingMatchesTheHandAnswer() throws {
    var stage = try make(NearestNeighborMixing.self, ["f": .integer(1)], rows: 3)
    let mixed = try stage.transform(makeUpdates(known, Double.self), in: makeRound())
    let expected: [Double] = [2.5, 3.5, 4.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5]
    #expect(mixed.values.values == expected)
    let shares = mixed.provenance.map { $0.shares.map(\.client.index) }
    #expect(shares == [[0, 1], [0, 1], [1, 2]])
    for share in mixed.provenance.flatMap(\.shares) { #expect(share.fraction == 0.5) }
  }

  @Test func mixingBreaksTiesByClient() throws {
    var stage = try make(NearestNeighborMixing.self, ["f": .integer(1)], rows: 3)
    let updates = UpdateMatrix<Float>(
      values: Matrix(rows: [[7], [4], [1]]),
      provenance: [5, 9, 2].map { Provenance(ClientID($0)) }, weights: [0.5, 0.25, 0.25])
    let mixed = try stage.transform(updates, in: makeRound())
    // Client 9 has 5 and 2 at the same distance.
    #expect(mixed.values.values == [5.5, 2.5, 2.5])
    #expect(mixed.weights == .init(repeating: 1.0 / 3, count: 3))
  }

  @Test func mixingWithoutAttackersGivesTheMean() throws {
    var stage = try make(NearestNeighborMixing.self, ["f": .integer(0)], rows: 3)
    let mixed = try stage.transform(makeUpdates(known, Double.self), in: makeRound())
    for row in 0..<3 {
      #expect(agree(mixed.values.row(row), [4, 5, 6], tolerance: 1e-15))
    }
  }

  @Test func mixingTwiceAddsShares() throws {
    var stage = try make(NearestNeighborMixing.self, ["f": .integer(1)], rows: 3)
    let once = try stage.transform(makeUpdates(known, Double.self), in: makeRound())
    let twice = try stage.transform(once, in: makeRound())
    for row in twice.provenance {
      let total = row.shares.map(\.fraction).reduce(0, +)
      let clients = row.shares.map(\.client)
      #expect(abs(total - 1) < 1e-15 && clients == clients.sorted())
    }
  }

  @Test func mixingNeedsMoreRowsThanAttackers() {
    let error = #expect(throws: ConfigurationError.self) {
      try make(NearestNeighborMixing.self, ["f": .integer(3)], rows: 3)
    }
    #expect(error?.isInfeasibility == true)
  }
}
