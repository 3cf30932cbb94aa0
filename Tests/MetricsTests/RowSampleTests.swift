import Testing

@testable import Metrics

@Suite struct RowSampleTests {
  /// Rows 0 ..< n, of which every `step`-th is malicious up to a count.
  private func kinds(rows n: Int, malicious f: Int, step: Int = 1) -> RoundKinds {
    let malicious = (0..<f).map { $0 * step }
    return RoundKinds(
      malicious: malicious, honest: (0..<n).filter { !malicious.contains($0) })
  }

  @Test func upToTheLimitAllRowsAreTaken() {
    for n in [0, 1, 7, 20] {
      let sample = RowSample(kinds(rows: n, malicious: n / 3), limit: 20)
      #expect(sample.isWhole)
      #expect(sample.rows == Array(0..<n))
      #expect(sample.kinds.malicious == Array(0..<n / 3))
    }
    #expect(!RowSample(kinds(rows: 21, malicious: 7), limit: 20).isWhole)
  }

  @Test func choicesAgreeWithTheReference() throws {
    for round in try Fixture.load().sampled {
      let indices = round.malicious.indices
      let kinds = RoundKinds(
        malicious: indices.filter { round.malicious[$0] },
        honest: indices.filter { !round.malicious[$0] })
      #expect(RowSample(kinds, limit: round.limit).rows == round.sample, "\(round.name)")
    }
  }

  @Test(arguments: [
    (1400, 280, 102), (1000, 1, 1), (1000, 999, 511), (513, 1, 1), (513, 512, 511), (3550, 35, 5),
    (600, 0, 0), (600, 600, 512), (2048, 2, 1), (2048, 6, 2),
  ])
  func theProportionIsKept(n: Int, malicious f: Int, expected: Int) {
    let sample = RowSample(kinds(rows: n, malicious: f))
    #expect(sample.kinds.malicious.count == expected)
    #expect(sample.kinds.honest.count == 512 - expected)
    #expect(sample.rows.count == 512)
    #expect(Set(sample.rows).count == 512)
    #expect(sample.rows == sample.rows.sorted())
  }

  @Test func rowsAreEvenlySpacedWithinTheirKind() {
    let sample = RowSample(kinds(rows: 40, malicious: 10, step: 4), limit: 8)
    #expect(sample.kinds.malicious.map { sample.rows[$0] } == [0, 20])
    #expect(sample.honestRows == [1, 7, 14, 21, 27, 34])
  }
}
