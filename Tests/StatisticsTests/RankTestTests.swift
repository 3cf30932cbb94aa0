import Foundation
import Statistics
import Testing

/// `Fixtures/ranks.json`, made by `Tests/Reference/study_ranks.py`.
private struct RankFixture: Decodable {
  struct Friedman: Decodable {
    let values: [[Double]]
    let meanRanks: [Double]
    let chiSquare, f, pValue: Double
  }

  let friedman: [Friedman]
  /// f, degrees of freedom of numerator and denominator, P(F > f).
  let tails: [[Double]]
  /// q, number of values, P(range <= q).
  let ranges: [[Double]]
  /// Number of values, q with an upper tail of 0.05.
  let quantiles: [[Double]]

  static func load() throws -> RankFixture {
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/ranks.json")
    return try JSONDecoder().decode(RankFixture.self, from: Data(contentsOf: path))
  }
}

@Suite struct RankTestTests {
  @Test func friedmanAgreesWithTheReference() throws {
    let cases = try RankFixture.load().friedman
    #expect(cases.count >= 6)
    for example in cases {
      let test = FriedmanTest(ranks: example.values.map(Ranks.middleRanks))
      #expect(test.blockCount == example.values.count)
      for (found, expected) in zip(test.meanRanks, example.meanRanks) {
        #expect(abs(found - expected) < 1e-12)
      }
      #expect(abs(test.chiSquare - example.chiSquare) < 1e-9 * max(1, example.chiSquare))
      #expect(abs(test.f - example.f) < 1e-9 * max(1, example.f))
      #expect(agree(test.pValue, example.pValue, within: 1e-8))
    }
  }

  @Test func tailsOfFAgreeWithTheReference() throws {
    for row in try RankFixture.load().tails {
      let tail = FisherF.upperTail(row[0], numerator: row[1], denominator: row[2])
      #expect(agree(tail, row[3], within: 1e-10), "\(row)")
    }
    #expect(FisherF.upperTail(.infinity, numerator: 2, denominator: 3) == 0)
    #expect(FisherF.upperTail(0, numerator: 2, denominator: 3) == 1)
    #expect(FisherF.upperTail(-1, numerator: 2, denominator: 3) == 1)
  }

  @Test func rangesAgreeWithTheReference() throws {
    for row in try RankFixture.load().ranges {
      let found = StudentizedRange.probability(row[0], count: Int(row[1]))
      #expect(abs(found - row[2]) < 1e-9, "\(row)")
    }
    for row in try RankFixture.load().quantiles {
      let found = StudentizedRange.quantile(upperTail: 0.05, count: Int(row[0]))
      #expect(abs(found - row[1]) < 1e-6, "\(row)")
    }
    #expect(StudentizedRange.probability(0, count: 3) == 0)
    #expect(StudentizedRange.probability(.infinity, count: 3) == 1)
  }

  /// Demšar's table 5 (a), which cuts the third digit of k = 3 off.
  @Test func criticalValuesAreThoseOfThePaper() {
    let table = [1.960, 2.343, 2.569, 2.728, 2.850, 2.949, 3.031, 3.102, 3.164]
    for (k, expected) in zip(2..., table) {
      let q = StudentizedRange.quantile(upperTail: 0.05, count: k) / 2.0.squareRoot()
      #expect(abs(q - expected) < 1e-3, "\(k)")
    }
    // The example of the paper: 4 classifiers on 14 data sets.
    #expect(abs(FriedmanTest.criticalDifference(treatments: 4, blocks: 14) - 1.25) < 0.005)
  }

  @Test func agreementAndTiesAreLimits() {
    let agreed = FriedmanTest(ranks: [[1, 2, 3], [1, 2, 3]])
    #expect(agreed.chiSquare == 4 && agreed.f == .infinity && agreed.pValue == 0)
    let tied = FriedmanTest(ranks: [[2, 2, 2], [2, 2, 2]])
    #expect(tied.chiSquare == 0 && tied.f == 0 && tied.pValue == 1)
    #expect(tied.meanRanks == [2, 2, 2])
    let opposed = FriedmanTest(ranks: [[1, 2], [2, 1]])
    #expect(opposed.chiSquare == 0 && opposed.pValue == 1)
  }

  @Test func middleRanksShareTies() {
    #expect(Ranks.middleRanks([0.5, 0.2, 0.5, 0.9]) == [2.5, 1, 2.5, 4])
    #expect(Ranks.middleRanks([3, 3, 3]) == [2, 2, 2])
    #expect(Ranks.middleRanks([]) == [])
    #expect(Ranks.middleRanks([.infinity, -.infinity]) == [2, 1])
  }
}
