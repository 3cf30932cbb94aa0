import Components
import Defenses
import Determinism
import Federation
import Tensors
import Testing

@Suite struct BucketingTests {
  @Test func agreesWithReference() throws { try KnownStage.check("bucketing.json") }

  @Test func everyClientIsInOneBucket() throws {
    var stage = try makeStage("bucketing", ["size": .integer(3)], rows: 20)
    for number in 0..<10 {
      var updates = makeUpdates((0..<20).map { [Double($0)] })
      try stage.transform(&updates, in: makeRound(number))
      let clients = updates.provenance.flatMap { $0.shares.map(\.client.index) }
      #expect(clients.sorted() == Array(0..<20))
      // Rows ascend by their lowest client.
      let lowest = updates.provenance.map(\.shares[0].client.index)
      #expect(lowest == lowest.sorted() && updates.rowCount == 7)
      // The average of all stays 9.5, the smaller bucket included.
      let mean = updates.values.mean(weights: updates.weights, pool: makeRound().pool)
      #expect(agree(mean, [9.5]))
    }
  }

  @Test func bucketsAreDrawnAnewInEachRound() throws {
    var stage = try makeStage("bucketing", rows: 12)
    let made = try (0..<5).map { number in
      var updates = makeUpdates(makeNormal(rows: 12, columns: 2, seed: 1))
      try stage.transform(&updates, in: makeRound(number))
      return updates.values.values
    }
    #expect(Set(made).count == 5)
  }

  @Test func whatComesBehindIsMadeForTheBuckets() throws {
    let setup = DefenseSetup(participantCount: 11)
    let stage = try makeStage("bucketing", rows: 11)
    #expect(setup.after(stage).participantCount == 6)
    #expect(setup.after(stage).clientCount == 11)
    let mixing = try makeStage("nnm", ["f": .integer(1)], rows: 11)
    #expect(setup.after(mixing).participantCount == 11)
    for (count, size, buckets) in [(1, 5, 1), (10, 5, 2), (11, 5, 3), (4, 1, 4)] {
      let stage = try makeStage("bucketing", ["size": .integer(size)], rows: count)
      #expect(stage.rowCount(from: count) == buckets)
    }
  }

  @Test func bucketsFollowTheClients() throws {
    var straight = makeUpdates(makeNormal(rows: 9, columns: 3, seed: 5))
    var turned = straight
    turned.values.reverseRows()
    turned.provenance.reverse()
    var stage = try makeStage("bucketing", rows: 9)
    try stage.transform(&straight, in: makeRound())
    try stage.transform(&turned, in: makeRound())
    #expect(turned.values == straight.values && turned.provenance == straight.provenance)
  }

  @Test func mixedRowsAreMixedOnce() throws {
    var updates = makeUpdates(makeNormal(rows: 9, columns: 3, seed: 2))
    var mixing = try makeStage("nnm", ["f": .integer(2)], rows: 9)
    var stage = try makeStage("bucketing", rows: 9)
    try mixing.transform(&updates, in: makeRound())
    try stage.transform(&updates, in: makeRound())
    #expect(updates.rowCount == 5)
    for row in updates.provenance {
      #expect(abs(row.shares.map(\.fraction).reduce(0, +) - 1) < 1e-12)
      #expect(row.shares.map(\.client) == row.shares.map(\.client).sorted())
    }
  }

  @Test func noColumnsAreNoTrouble() throws {
    var updates = UpdateMatrix(Matrix<Float>(rowCount: 5, columnCount: 0))
    var stage = try makeStage("bucketing", rows: 5)
    try stage.transform(&updates, in: makeRound())
    #expect(updates.rowCount == 3 && updates.columnCount == 0)
  }
}
