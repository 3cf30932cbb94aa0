import Determinism
import Statistics
import Testing

@Suite struct ClusterTests {
  private func stream(_ index: Int = 0) -> RandomStream { SeedPath(root: 3).child(index).stream() }

  @Test func clustersAgreeWithTheReference() throws {
    for known in try Fixture.load().clusters {
      var random = stream()
      let found = KMeans(known.points, count: known.count, starts: 100, random: &random)
      #expect(agree(found.inertia, known.inertia, within: 1e-12))
      let order = found.centers.indices.sorted {
        found.centers[$0].lexicographicallyPrecedes(found.centers[$1])
      }
      for (place, expected) in zip(order, known.centers) {
        for (value, other) in zip(found.centers[place], expected) {
          #expect(abs(value - other) < 1e-12)
        }
      }
      #expect(found.labels.map { order.firstIndex(of: $0) } == known.labels)
    }
  }

  @Test func theSameStreamGivesTheSameClusters() {
    var points = stream(1)
    let values = (0..<40).map { _ in [points.normal(), points.normal()] }
    var first = stream(2)
    var second = stream(2)
    #expect(
      KMeans(values, count: 4, random: &first) == KMeans(values, count: 4, random: &second))
  }

  @Test func everyPointIsWithItsNearestCenter() {
    var random = stream(3)
    for _ in 0..<20 {
      let count = 1 + random.index(below: 30)
      let points = (0..<count).map { _ in (0..<2).map { _ in Double(random.index(below: 5)) } }
      let found = KMeans(points, count: 1 + random.index(below: 6), starts: 3, random: &random)
      var inertia = 0.0
      for (point, label) in zip(points, found.labels) {
        let distances = found.centers.map { center in
          zip(point, center).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        }
        #expect(distances.firstIndex(of: distances.min() ?? -1) == label)
        inertia += distances[label]
      }
      #expect(abs(inertia - found.inertia) <= 1e-12 * max(1, inertia))
    }
  }

  @Test func degeneratePoints() {
    var random = stream(4)
    let one = KMeans([2.5], count: 1, random: &random)
    #expect(one.labels == [0] && one.centers == [[2.5]] && one.inertia == 0)
    // Means of equal points are exact, although three times 0.1 is not 0.3.
    let equal = KMeans([0.1, 0.1, 0.1], count: 2, random: &random)
    #expect(equal.labels == [0, 0, 0] && equal.centers == [[0.1], [0.1]] && equal.inertia == 0)
    let twins = KMeans([1.0, 9, 1, 9], count: 2, random: &random)
    #expect(twins.inertia == 0 && twins.labels[0] == twins.labels[2])
    #expect(twins.labels[0] != twins.labels[1])
    let each = KMeans([1.0, 2, 4], count: 5, random: &random)
    #expect(each.inertia == 0 && Set(each.labels) == [0, 1, 2])
  }

  @Test func pointsHaveToBeFiniteAndAlike() async {
    await #expect(processExitsWith: .failure) {
      var random = SeedPath(root: 0).stream()
      _ = KMeans([1, .nan], count: 1, random: &random)
    }
    await #expect(processExitsWith: .failure) {
      var random = SeedPath(root: 0).stream()
      _ = KMeans([[1], [1, 2]], count: 1, random: &random)
    }
  }

  @Test func splitsAgreeWithTheReference() throws {
    for known in try Fixture.load().splits {
      let split = try #require(TwoMeans(known.values))
      #expect(split.lowCount == known.lowCount)
      #expect(abs(split.lowMean - known.means[0]) < 1e-13)
      #expect(abs(split.highMean - known.means[1]) < 1e-13)
      #expect(split.isHigh.count { !$0 } == known.lowCount)
      #expect(zip(known.values, split.isHigh).allSatisfy { ($0 > split.highMean) ? $1 : true })
    }
  }

  @Test func splitsAreAtLeastAsGoodAsClusters() throws {
    var random = stream(5)
    for _ in 0..<30 {
      let values = (0..<15).map { _ in random.normal() }
      let split = try #require(TwoMeans(values))
      let inertia = zip(values, split.isHigh).reduce(0) {
        let gap = $1.0 - ($1.1 ? split.highMean : split.lowMean)
        return $0 + gap * gap
      }
      #expect(inertia <= KMeans(values, count: 2, random: &random).inertia + 1e-12)
    }
  }

  @Test func degenerateSplits() throws {
    #expect(TwoMeans([]) == nil && TwoMeans([4]) == nil && TwoMeans([2, 2, 2]) == nil)
    // Equally good splits: the one with the fewest low values.
    let even = try #require(TwoMeans([2, 0, 1]))
    #expect(even.isHigh == [true, false, true] && even.lowCount == 1)
    let far = try #require(TwoMeans([1e9, 1e9 + 1, 1e9 + 1]))
    #expect(far.lowMean == 1e9 && far.highMean == 1e9 + 1)
  }
}
