import Components
import Determinism
import Federation
import Tensors
import Testing

@testable import Defenses

/// Krum where the distances of all pairs of rows are too many to hold.
@Suite struct ManyRowsTests {
  private static func rows(_ count: Int, _ columns: Int, seed: UInt64) -> Matrix<Float> {
    var random = SeedPath(root: seed).child("rows").stream()
    // Equal rows, tiny differences and squares beyond the range of Float among them.
    let values = (0..<count * columns).map { _ in
      Float([1, 1, 1e-22, 1e25][random.index(below: 4)] * random.normal().rounded())
    }
    return Matrix(rowCount: count, columnCount: columns, values: values)
  }

  @Test(arguments: [(1, 3), (7, 1), (40, 5), (61, 530), (25, 4100)])
  func blocksOfDistancesHaveTheBitsOfTheTable(count: Int, columns: Int) {
    let rows = Self.rows(count, columns, seed: UInt64(count))
    let scoring = KrumScores(f: min(2, max(0, (count - 3) / 2)))
    let whole = scoring.scores(of: rows, pool: WorkPool(width: 1))
    for (height, width) in [(1, 1), (5, 2), (12, 3), (13, 1), (count, 2)] {
      let scores = scoring.scores(
        of: rows, pool: WorkPool(width: width), blockBytes: 8 * count * height)
      #expect(scores.map(\.bitPattern) == whole.map(\.bitPattern), "\(height) rows at a time")
    }
    // As it is defined: the other rows from the nearest on, summed in this order.
    let table = rows.distances(pool: WorkPool(width: 1))
    let neighbors = scoring.neighborCount(of: count)
    let defined = (0..<count).map { row in
      table.nearest(to: row).prefix(neighbors).reduce(0) { $0 + table.squared(row, $1) }
    }
    #expect(whole.map(\.bitPattern) == defined.map(\.bitPattern))
  }

  /// Each pick by the scores of all that remain, as it is defined.
  @Test(arguments: [(1, 0), (7, 1), (40, 3), (300, 2)])
  func picksInTurnAreThoseOfKrumOnWhatRemains(count: Int, f: Int) {
    let rows = Self.rows(count, 3, seed: UInt64(count))
    let scoring = KrumScores(f: f)
    let table = rows.distances(pool: WorkPool(width: 1))
    var neighbors = KrumNeighbors(table, scoring, pool: WorkPool(width: 2))
    var remaining = Array(0..<count)
    while !remaining.isEmpty {
      let scores = remaining.map { row in
        table.nearest(to: row).filter(remaining.contains)
          .prefix(scoring.neighborCount(of: remaining.count))
          .reduce(0) { $0 + table.squared(row, $1) }
      }
      let best = remaining.remove(at: KrumScores.ranking(scores)[0])
      #expect(neighbors.removeBest(pool: WorkPool(width: 2)) == best)
      if remaining.count > 60, remaining.count < count - 5 { break }
    }
  }

  @Test func sorting() {
    var random = SeedPath(root: 4).stream()
    for count in [0, 1, 1023, 1024, 5000] {
      var values = (0..<count).map { _ in
        random.unit() * [1e-300, 1, 1e300][random.index(below: 3)]
      }
      if count > 5 { (values[0], values[1], values[2], values[3]) = (0, .infinity, values[4], 0) }
      #expect(AscendingValues.sorted(values) == values.sorted())
      #expect(AscendingValues.sorted([Double](repeating: 2, count: count)).allSatisfy { $0 == 2 })
    }
  }

  /// n² distances would be 1.3 GB.
  @Test func krumOfTwelveThousandRows() throws {
    let n = 13_000
    let rows = Matrix<Float>(
      rowCount: n, columnCount: 1, values: (0..<n).map { Float(($0 * 7919) % n) })
    let setup = DefenseSetup(participantCount: n)
    var krum = try Krum(Arguments(["f": .integer(1)], for: Krum.manifest), setup: setup)
    let context = RoundContext(
      round: 0, global: [], rootUpdate: nil, seed: SeedPath(root: 1), pool: WorkPool(width: 2))
    let result = try krum.aggregate(UpdateMatrix(rows), in: context)
    // n − 3 of the others count, so it is a row near the middle.
    #expect(abs(result.update[0] - Float(n - 1) / 2) <= 2)
    #expect(KrumScores.workingBytes(rowCount: n) < 1e8)
    #expect(Bulyan.workingBytes(rowCount: n, columnCount: 1) > 2.7e9)
    #expect(NearestNeighborMixing.workingBytes(rowCount: n, columnCount: 1) > 6e9)
  }
}
