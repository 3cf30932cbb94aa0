import Determinism
import Statistics
import Testing

@Suite struct OrderTests {
  @Test func samplesAgreeWithTheReference() throws {
    for known in try Fixture.load().samples {
      #expect(Median.of(known.values) == known.median)
      let rank = try #require(Ranks.rank(of: known.probe, among: known.values))
      #expect(agree(rank, known.rank, within: 1e-15))
      let mean = try #require(Moments.mean(known.values))
      #expect(abs(mean - known.mean) <= 1e-15 * max(1, abs(known.mean)))
      let population = try #require(Moments.populationVariance(known.values))
      #expect(abs(population - known.population) <= 1e-13 * max(1e-2, known.population))
      let sample = Moments.sampleVariance(known.values)
      #expect((sample == nil) == (known.sample == nil))
      #expect(abs((sample ?? 0) - (known.sample ?? 0)) <= 1e-13 * max(1e-2, known.sample ?? 0))
    }
  }

  @Test func mediansAverageTheMiddleTwo() {
    #expect(Median.of([3, 1, 2]) == 2)
    #expect(Median.of([4, 1, 3, 2]) == 2.5)
    #expect(Median.of([5]) == 5)
    #expect(Median.of([.infinity, 1, -.infinity]) == 1)
    #expect(Median.of([]) == nil)
  }

  @Test func momentsOfFewValues() {
    #expect(Moments.mean([]) == nil && Moments.populationVariance([]) == nil)
    #expect(Moments.populationVariance([3]) == 0 && Moments.sampleVariance([3]) == nil)
    #expect(Moments.populationVariance([1, 3]) == 1 && Moments.sampleVariance([1, 3]) == 2)
    #expect(Moments.sampleVariance([7, 7, 7, 7]) == 0)
  }

  @Test func areasAgreeWithTheReference() throws {
    for known in try Fixture.load().areas {
      let area = try #require(
        Ranks.area(positives: known.positives, negatives: known.negatives))
      #expect(agree(area, known.area, within: 1e-15))
    }
  }

  /// The count over all pairs, which the sorted one has to give to the bit.
  @Test(arguments: [1, 2, 5, 40]) func areasAreThePairsCounted(levels: Int) {
    var random = SeedPath(root: 7).child(levels).stream()
    func draw(_ count: Int) -> [Double] {
      (0..<count).map { _ in
        switch random.index(below: 12) {
        case 0: .infinity
        case 1: -.infinity
        case 2: .nan
        default: Double(random.index(below: levels)) / 3
        }
      }
    }
    for _ in 0..<50 {
      let positives = draw(1 + random.index(below: 20))
      let negatives = draw(1 + random.index(below: 20))
      var halves = 0
      for value in positives {
        for other in negatives { halves += other < value ? 2 : other == value ? 1 : 0 }
      }
      let pairs = Double(positives.count * negatives.count)
      #expect(
        Ranks.area(positives: positives, negatives: negatives) == Double(halves) / 2 / pairs)
    }
  }

  @Test func infiniteScoresRankAboveAllNumbers() {
    #expect(Ranks.area(positives: [.infinity, 0], negatives: [1, 2]) == 0.5)
    #expect(Ranks.area(positives: [.infinity], negatives: [.infinity]) == 0.5)
    #expect(Ranks.area(positives: [], negatives: [1]) == nil)
    #expect(Ranks.area(positives: [1], negatives: []) == nil)
    #expect(Ranks.area(positives: [0.0], negatives: [-0.0]) == 0.5)
  }

  @Test func ranksCountTiesHalf() {
    #expect(Ranks.rank(of: 2, among: [1, 2, 3, 4]) == 0.375)
    #expect(Ranks.rank(of: 2, among: []) == nil)
    #expect(Ranks.rank(of: .nan, among: [1]) == 0)
  }

  @Test func rankCorrelationsByHand() {
    #expect(Ranks.correlation([1, 2, 3], [10, 20, 1000]) == 1)
    #expect(Ranks.correlation([1, 2, 3], [5, 4, -7]) == -1)
    // Ranks 1, 2, 3, 4 and 2, 1, 4, 3: 1 − 6 · 4 / (4 · 15).
    let swapped = Ranks.correlation([1, 2, 3, 4], [2, 1, 4, 3]) ?? 0
    #expect(abs(swapped - 0.6) < 1e-15)
    // Ranks 1.5, 1.5, 3 against 1, 2, 3: 1.5 / √(1.5 · 2).
    let tied = Ranks.correlation([0, 0, 1], [-Double.infinity, 0, Double.infinity]) ?? 0
    #expect(abs(tied - 0.75.squareRoot()) < 1e-15)
    let equal: [([Double], [Double])] = [
      ([0, -0.0], [1, 2]), ([1, 1], [1, 2]), ([1], [1]), ([], []),
    ]
    for (first, second) in equal { #expect(Ranks.correlation(first, second) == nil) }
  }
}
