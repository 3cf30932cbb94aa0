import Testing

@testable import Metrics

@Suite struct StatisticsTests {
  @Test func areasAgreeWithTheReference() throws {
    for entry in try Fixture.load().auroc {
      let pairs = zip(entry.scores, entry.malicious)
      let area = Statistics.area(
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

  @Test func stealthScoresAgreeWithTheReference() throws {
    for entry in try Fixture.load().stealthScore {
      let score = StealthMetrics.score(entry.detectability, null: entry.null)
      #expect(agree(score, entry.expected), "\(entry.detectability) \(entry.null)")
    }
  }

  @Test func infiniteScoresRankAboveAllNumbers() {
    #expect(Statistics.area(positives: [.infinity, 0], negatives: [1, 2]) == 0.5)
    #expect(Statistics.area(positives: [.infinity], negatives: [.infinity]) == 0.5)
  }

  @Test func ranksCountTiesHalf() {
    #expect(Statistics.rank(of: 2, among: [1, 2, 3, 4]) == 0.375)
    #expect(Statistics.rank(of: 2, among: []) == nil)
  }

  @Test func mediansAverageTheMiddleTwo() {
    #expect(Statistics.median([3, 1, 2]) == 2)
    #expect(Statistics.median([4, 1, 3, 2]) == 2.5)
    #expect(Statistics.median([]) == nil)
  }

  @Test func aStayNeedsConsecutiveRounds() {
    #expect(firstStay(in: [true, true, false, true, true, true], from: 0, length: 3) == 3)
    #expect(firstStay(in: [true, true, true, false], from: 1, length: 3) == nil)
    #expect(firstStay(in: [true, true, true], from: 0, length: 3) == 0)
  }
}
