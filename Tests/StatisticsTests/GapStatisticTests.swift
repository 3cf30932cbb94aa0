import Determinism
import Statistics
import Testing

@Suite struct GapStatisticTests {
  @Test func gapsAgreeWithTheReference() throws {
    let setCount = 100
    for known in try Fixture.load().gaps {
      var random = SeedPath(root: 5).child(known.name).stream()
      let found = GapStatistic(
        known.points, limit: known.gaps.count, referenceCount: setCount, random: &random)
      #expect(found.clusterCount == known.count, "\(known.name)")
      for (k, row) in known.gaps.enumerated() {
        // Five standard errors of a mean over so many sets, and the reference's own, over 400.
        let error = row[1] * (1 / Double(setCount) + 1 / 400).squareRoot()
        #expect(abs(found.gaps[k] - row[0]) < 5 * error, "\(known.name), \(k + 1) clusters")
        // A deviation over 100 sets is known to about 7 %.
        let spread = row[1] * (1 + 1 / Double(setCount)).squareRoot()
        #expect(agree(found.errors[k], spread, within: 0.4), "\(known.name), \(k + 1) clusters")
      }
    }
  }

  @Test func theEstimateFollowsFromTheGaps() {
    var random = SeedPath(root: 6).stream()
    for _ in 0..<10 {
      let values = (0..<12).map { _ in random.normal() }
      let found = GapStatistic(values, limit: 4, referenceCount: 5, starts: 2, random: &random)
      let first = (0..<3).first { found.gaps[$0] >= found.gaps[$0 + 1] - found.errors[$0 + 1] }
      #expect(found.clusterCount == (first ?? 3) + 1)
    }
  }

  @Test func degeneratePoints() {
    var random = SeedPath(root: 7).stream()
    #expect(GapStatistic([1.5], random: &random).clusterCount == 1)
    #expect(GapStatistic([2, 2, 2, 2], random: &random).clusterCount == 1)
    #expect(GapStatistic([1, 2], random: &random).clusterCount == 1)
    // Points that fall together in two places: an inertia of 0.
    let twins = GapStatistic([0, 0, 0, 5, 5, 5], random: &random)
    #expect(twins.clusterCount == 2)
    #expect(twins.gaps.allSatisfy(\.isFinite) && twins.errors.allSatisfy(\.isFinite))
    #expect(GapStatistic([0, 1, 2, 3], limit: 1, random: &random).clusterCount == 1)
  }

  @Test func equalPointsDrawNothing() {
    var used = SeedPath(root: 8).stream()
    var fresh = SeedPath(root: 8).stream()
    _ = GapStatistic([3, 3, 3], random: &used)
    #expect(used.next() == fresh.next())
  }
}
