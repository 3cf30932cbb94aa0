import Determinism
import Statistics
import Testing

@Suite struct GlobalKMeansTests {
  private func points(_ count: Int, seed: UInt64) -> [[Double]] {
    var random = SeedPath(root: seed).stream()
    return (0..<count).map { _ in [random.normal(), 2 * random.normal()] }
  }

  /// It comes close to the best of many starts, and inertias fall.
  @Test func isCloseToTheBestOfManyStarts() {
    for seed in 1...10 as ClosedRange<UInt64> {
      let points = points(40, seed: seed)
      let found = GlobalKMeans(points, limit: 6)
      #expect(found.labels.count == 6 && found.inertias.count == 6)
      for k in 1...6 {
        var random = SeedPath(root: 7).stream()
        let best = KMeans(points, count: k, starts: 50, random: &random).inertia
        #expect(found.inertias[k - 1] <= 1.3 * best)
        #expect(k == 1 || found.inertias[k - 1] <= found.inertias[k - 2])
        #expect(Set(found.labels[k - 1]).count == k)
      }
    }
  }

  @Test func clustersByHand() {
    let found = GlobalKMeans([[0], [1], [10], [11], [30]], limit: 3)
    #expect(abs(found.inertias[0] - 581.2) < 1e-10)
    #expect(found.labels[1] == [0, 0, 0, 0, 1] && found.inertias[1] == 101)
    #expect(found.labels[2] == [2, 2, 0, 0, 1] && found.inertias[2] == 1)
  }

  @Test func degeneratePoints() {
    #expect(GlobalKMeans([[3, 4]], limit: 3).inertias == [0, 0, 0])
    let equal = GlobalKMeans(.init(repeating: [0.1, -2.7], count: 5), limit: 2)
    #expect(equal.inertias == [0, 0] && equal.labels[1] == [0, 0, 0, 0, 0])
    let two = GlobalKMeans([[1], [5], [1], [5]], limit: 3)
    #expect(two.inertias[1] == 0 && two.inertias[2] == 0)
    #expect(two.labels[1][0] == two.labels[1][2] && two.labels[1][0] != two.labels[1][1])
  }

  @Test func theGapStatisticFindsClustersThatAreApart() {
    for count in 1...3 {
      let centers = [[0.0, 0], [40, 0], [0, 40]]
      let points = points(60, seed: UInt64(count)).enumerated().map { index, point in
        zip(point, centers[index % count]).map { $0 + $1 }
      }
      var random = SeedPath(root: 1).stream()
      #expect(GapStatistic(globally: points, random: &random).clusterCount == count)
    }
  }
}
