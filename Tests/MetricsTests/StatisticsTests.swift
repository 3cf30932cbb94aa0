import Determinism
import Statistics
import Testing

@testable import Metrics

@Suite struct StatisticsTests {
  @Test func areasAgreeWithTheReference() throws {
    for entry in try Fixture.load().auroc {
      let pairs = zip(entry.scores, entry.malicious)
      let area = Ranks.area(
        positives: pairs.filter(\.1).map(\.0), negatives: pairs.filter { !$0.1 }.map(\.0))
      #expect(agree(area, entry.expected), "\(entry.scores)")
    }
  }

  @Test func kolmogorovSmirnovAgreesWithTheReference() throws {
    for entry in try Fixture.load().ks {
      let statistic = KolmogorovSmirnov.statistic(
        entry.first.map { Float($0) }.sorted(), entry.second.map { Float($0) }.sorted())
      #expect(agree(statistic, entry.expected))
    }
  }

  private func share(_ sample: [Float], upTo value: Int) -> Double {
    Double(sample.filter { $0 <= Float(value) }.count) / Double(sample.count)
  }

  @Test func kolmogorovSmirnovIsTheSameFromEitherSide() {
    var stream = SeedPath(root: 3).stream()
    for count in 1...40 {
      // Few distinct values, so that many are equal within and across the samples.
      let first = (0..<count).map { _ in (Float(stream.unit()) * 9).rounded(.down) }.sorted()
      let second = (0..<50 - count).map { _ in (Float(stream.unit()) * 9).rounded(.down) }.sorted()
      let gap = KolmogorovSmirnov.statistic(first, second)
      #expect(gap == KolmogorovSmirnov.statistic(second, first))
      let gaps = (0..<9).map { abs(share(first, upTo: $0) - share(second, upTo: $0)) }
      #expect(gap == gaps.max())
    }
  }

  @Test func stealthScoresAgreeWithTheReference() throws {
    for entry in try Fixture.load().stealthScore {
      let score = StealthMetrics.score(entry.detectability, null: entry.null)
      #expect(agree(score, entry.expected), "\(entry.detectability) \(entry.null)")
    }
  }

  @Test func aStayNeedsConsecutiveRounds() {
    #expect(firstStay(in: [true, true, false, true, true, true], from: 0, length: 3) == 3)
    #expect(firstStay(in: [true, true, true, false], from: 1, length: 3) == nil)
    #expect(firstStay(in: [true, true, true], from: 0, length: 3) == 0)
  }
}
