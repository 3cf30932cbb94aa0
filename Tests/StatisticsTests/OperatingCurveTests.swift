import Determinism
import Foundation
import Statistics
import Testing

/// Receiver operating characteristics against sklearn (`Tests/Reference/roc.py`) and by hand.
@Suite struct OperatingCurveTests {
  private struct Known: Decodable {
    struct Case: Decodable {
      struct Round: Decodable { let positives, negatives: [Double] }
      let name: String
      let rounds: [Round]
      let high, low, areas: [Double]
    }
    let cases: [Case]

    static func load() throws -> [Case] {
      let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/roc.json")
      return try JSONDecoder().decode(Known.self, from: Data(contentsOf: url)).cases
    }
  }

  private func curve(
    _ rounds: [(positives: [Double], negatives: [Double])]
  ) -> OperatingCurve {
    var curve = OperatingCurve()
    for round in rounds {
      curve.add(
        positives: OperatingCurve.Side(round.positives),
        negatives: OperatingCurve.Side(round.negatives))
    }
    return curve
  }

  private func agree(_ rates: [Double]?, _ expected: [Double]) -> Bool {
    guard let rates, rates.count == expected.count else { return false }
    return zip(rates, expected).allSatisfy { abs($0 - $1) < 1e-14 }
  }

  @Test func curvesAgreeWithTheReference() throws {
    let cases = try Known.load()
    #expect(cases.count == 8)
    for known in cases {
      let curve = curve(known.rounds.map { ($0.positives, $0.negatives) })
      #expect(curve.count == known.rounds.count)
      #expect(agree(curve.truePositiveRates(), known.high), "\(known.name)")
      #expect(agree(curve.truePositiveRates(accusesLow: true), known.low), "\(known.name)")
    }
  }

  /// Without ties and with twenty negatives each step of the curve is as wide as two points are apart.
  @Test func theAreaIsThatOfTheRanks() throws {
    var random = SeedPath(root: 3).stream()
    for count in [1, 2, 5, 33] {
      let positives = (0..<count).map { _ in random.unit() + 0.2 }
      let negatives = (0..<20).map { _ in random.unit() }
      let area = try #require(Ranks.area(positives: positives, negatives: negatives))
      let curve = curve([(positives, negatives)])
      let high = try #require(curve.truePositiveRates())
      let low = try #require(curve.truePositiveRates(accusesLow: true))
      #expect(abs(high.dropLast().reduce(0, +) / 20 - area) < 1e-12)
      #expect(abs(low.dropLast().reduce(0, +) / 20 - (1 - area)) < 1e-12)
    }
  }

  @Test func equalScoresAreAccusedTogether() {
    // The block of 1s holds a positive and two of four negatives: within reach from 0.5 on.
    let rates = curve([([2, 1], [1, 1, 0, 0])]).truePositiveRates()
    #expect(rates == (0...20).map { $0 < 10 ? 0.5 : 1 })
    let flat = curve([([1, 1], [1, 1, 1])])
    #expect(flat.truePositiveRates() == (0...20).map { $0 < 20 ? 0 : 1 })
    #expect(flat.truePositiveRates() == flat.truePositiveRates(accusesLow: true))
  }

  @Test func roundsCountAlike() {
    // One of a single positive that is found at once, one of many that are found last.
    let many = [Double](repeating: -1, count: 50)
    let rates = curve([([1], [0]), (many, [0])]).truePositiveRates()
    #expect(rates == (0...20).map { $0 < 20 ? 0.5 : 1 })
  }

  @Test func whatIsAboveAllScoresIsFoundFirst() {
    var curve = OperatingCurve()
    // Two of four positives are above, and one of five negatives.
    curve.add(
      positives: OperatingCurve.Side([0.5, -0.5], aboveCount: 2),
      negatives: OperatingCurve.Side([0, 0, 0, 0], aboveCount: 1))
    #expect(curve.truePositiveRates() == (0...20).map { $0 < 4 ? 0 : $0 < 20 ? 0.75 : 1 })
    // From below: the lower positive, the four negatives, the other one, and last those above.
    #expect(
      curve.truePositiveRates(accusesLow: true)
        == (0...20).map { $0 < 16 ? 0.25 : $0 < 20 ? 0.5 : 1 })
  }

  @Test func aSampleStandsForAll() {
    var sampled = OperatingCurve()
    sampled.add(
      positives: OperatingCurve.Side([3, 1], standingFor: 6, aboveCount: 2),
      negatives: OperatingCurve.Side([2, 0], standingFor: 18, aboveCount: 2))
    var whole = OperatingCurve()
    whole.add(
      positives: OperatingCurve.Side([3, 3, 3, 1, 1, 1], aboveCount: 2),
      negatives: OperatingCurve.Side(
        (0..<18).map { $0 < 9 ? 2 : 0 }, aboveCount: 2))
    for low in [false, true] {
      #expect(
        sampled.truePositiveRates(accusesLow: low) == whole.truePositiveRates(accusesLow: low))
    }
    #expect(sampled.truePositiveRates()?[2] == 5.0 / 8)
    // Without a score everybody is above.
    var none = OperatingCurve()
    none.add(
      positives: OperatingCurve.Side([], standingFor: 0, aboveCount: 3),
      negatives: OperatingCurve.Side([1, 2]))
    #expect(none.truePositiveRates() == [Double](repeating: 1, count: 21))
  }

  @Test func numbersThatAreNoneHelpNobody() {
    let positive = curve([([.nan, 1], [0, 0])])
    #expect(positive.truePositiveRates() == (0...20).map { $0 < 20 ? 0.5 : 1 })
    let negative = curve([([1, 1], [.nan, 0])])
    #expect(negative.truePositiveRates() == (0...20).map { $0 < 10 ? 0 : 1 })
    #expect(negative.truePositiveRates(accusesLow: true) == (0...20).map { $0 < 20 ? 0 : 1 })
    let infinite = curve([([.infinity, -.infinity], [0, .infinity])])
    #expect(infinite.truePositiveRates() == (0...20).map { $0 < 10 ? 0 : $0 < 20 ? 0.5 : 1 })
  }

  @Test func aKindThatIsMissingIsNoRound() {
    #expect(curve([]).truePositiveRates() == nil)
    #expect(curve([([], [1]), ([1], [])]).truePositiveRates() == nil)
  }

  @Test func aCurveGoesOnFromTheSumsOfAnother() throws {
    let first = curve([([0.5, 2], [1, 0.25])])
    var other = try #require(
      OperatingCurve(count: first.count, high: first.high, low: first.low))
    other.add(positives: OperatingCurve.Side([3]), negatives: OperatingCurve.Side([1, 4]))
    let both = curve([([0.5, 2], [1, 0.25]), ([3], [1, 4])])
    #expect(other.count == 2)
    #expect(other.truePositiveRates() == both.truePositiveRates())
    #expect(other.truePositiveRates(accusesLow: true) == both.truePositiveRates(accusesLow: true))
  }

  @Test func sumsOfAnotherNumberOfPointsAreNoCurve() {
    let points = [Double](repeating: 1, count: OperatingCurve.falsePositiveRates.count)
    #expect(OperatingCurve(count: 1, high: points, low: points) != nil)
    #expect(OperatingCurve(count: 1, high: [], low: points) == nil)
    #expect(OperatingCurve(count: 1, high: points, low: points + [1]) == nil)
    #expect(OperatingCurve(count: -1, high: points, low: points) == nil)
  }
}
