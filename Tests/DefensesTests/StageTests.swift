import Components
import Defenses
import Determinism
import Federation
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
    let updates = makeUpdates(known)
    var clipped = updates
    try stage.transform(&clipped, in: makeRound())
    #expect(agree(clipped.values.row(0), [0.5345, 1.0690, 1.6036], tolerance: 1e-4))
    for row in 0..<3 { #expect(abs(clipped.values.norm(ofRow: row) - 2) < tolerance) }
    #expect(updates.values == makeUpdates(known).values)
    #expect(clipped.provenance == updates.provenance && clipped.weights == updates.weights)
  }

  @Test func clippingLeavesShortAndZeroRowsAlone() throws {
    var stage = try make(Clipping.self, ["bound": .integer(5)], rows: 2)
    let updates = makeUpdates([[3, 4], [0, 0]])
    var clipped = updates
    try stage.transform(&clipped, in: makeRound())
    #expect(clipped.values == updates.values)
  }

  @Test func clippingNeedsItsBound() {
    let error = #expect(throws: ConfigurationError.self) { try make(Clipping.self, [:], rows: 3) }
    #expect(error?.problems == [.missingValue(component: "clipping", name: "bound")])
  }

  @Test func mixingMatchesTheHandAnswer() throws {
    var stage = try make(NearestNeighborMixing.self, ["f": .integer(1)], rows: 3)
    var mixed = makeUpdates(known)
    try stage.transform(&mixed, in: makeRound())
    #expect(mixed.values.values == [2.5, 3.5, 4.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5])
    let shares = mixed.provenance.map { $0.shares.map(\.client.index) }
    #expect(shares == [[0, 1], [0, 1], [1, 2]])
    for share in mixed.provenance.flatMap(\.shares) { #expect(share.fraction == 0.5) }
  }

  @Test func mixingBreaksTiesByRow() throws {
    var stage = try make(NearestNeighborMixing.self, ["f": .integer(1)], rows: 3)
    var mixed = UpdateMatrix(
      values: Matrix(rows: [[1], [4], [7]]),
      provenance: [2, 5, 9].map { Provenance(ClientID($0)) }, weights: [0.5, 0.25, 0.25])
    try stage.transform(&mixed, in: makeRound())
    // Row 1 has the two others at the same distance.
    #expect(mixed.values.values == [2.5, 2.5, 5.5])
    #expect(mixed.provenance[1].shares.map(\.client.index) == [2, 5])
    #expect(mixed.weights == .init(repeating: 1.0 / 3, count: 3))
  }

  @Test func mixingWithoutAttackersGivesTheMean() throws {
    var stage = try make(NearestNeighborMixing.self, ["f": .integer(0)], rows: 3)
    var mixed = makeUpdates(known)
    try stage.transform(&mixed, in: makeRound())
    for row in 0..<3 { #expect(agree(mixed.values.row(row), [4, 5, 6])) }
  }

  @Test func mixingTwiceAddsShares() throws {
    var stage = try make(NearestNeighborMixing.self, ["f": .integer(1)], rows: 3)
    var mixed = makeUpdates(known)
    for _ in 0..<2 { try stage.transform(&mixed, in: makeRound()) }
    for row in mixed.provenance {
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
