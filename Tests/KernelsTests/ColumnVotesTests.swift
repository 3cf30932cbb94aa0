import Determinism
import Kernels
import Testing

@Suite struct ColumnVotesTests {
  /// Small whole numbers, so that zeros and ties are frequent.
  private func makeRows(_ n: Int, _ d: Int) -> [[Float]] {
    var random = SeedPath(root: UInt64(n * 10_000 + d)).stream()
    return (0..<n).map { _ in (0..<d).map { _ in Float(random.normal().rounded()) } }
  }

  private func evaluate(_ rows: [[Float]], width: Int = 1) -> (votes: [Float], shares: [Double]) {
    let values = rows.flatMap { $0 }
    var votes = [Float](repeating: 9, count: rows[0].count)
    var shares = [Double](repeating: 9, count: rows.count)
    var voteSpan = votes.mutableSpan
    var shareSpan = shares.mutableSpan
    Float.columnVotes(
      values.span, rowCount: rows.count, columnCount: rows[0].count,
      pool: WorkPool(width: width), into: &voteSpan, shares: &shareSpan)
    return (votes, shares)
  }

  @Test(arguments: [1, 2, 3, 4, 9, 50]) func agreesWithReference(rowCount: Int) {
    for d in [1, 15, 16, 17, 33, 4096, 4099, 8200] where rowCount < 10 || d < 100 {
      let rows = makeRows(rowCount, d)
      let expected = ScalarReference<Float>.columnVotes(rows)
      let one = evaluate(rows)
      #expect(one.votes.bits == expected.votes.bits, "\(rowCount) × \(d)")
      #expect(zip(one.shares, expected.shares).allSatisfy { abs($0 - $1) < 1e-13 })
      for width in [2, 5] {
        let several = evaluate(rows, width: width)
        #expect(several.votes.bits == one.votes.bits && several.shares.bits == one.shares.bits)
      }
    }
  }

  @Test func zeroIsNoVoteAndTiesGiveNothing() {
    // Columns: two against one; a tie; one vote alone; none.
    let (votes, shares) = evaluate([
      [1, 2, 0, 0], [Float.leastNonzeroMagnitude, -1, 0, -0.0], [-3e38, 0, -0x1p-140, 0],
    ])
    #expect(votes == [1, 0, -1, 0])
    #expect(shares == [0.125, 0.125, 0.25])
  }

  @Test func noColumnsGiveEqualShares() {
    let (votes, shares) = evaluate([[], [], [], []])
    #expect(votes == [] && shares == [0.25, 0.25, 0.25, 0.25])
  }
}
