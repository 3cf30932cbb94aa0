/// Clusters by mean shift with a flat kernel: points belong together that climb to the same mode.
///
/// From each point on, the center moves to the mean of the points within the bandwidth until these
/// stay the same. Centers are then taken from the one with most points within the bandwidth down,
/// ties to the one of the lowest point, and one within the bandwidth of a center taken before is
/// left. Every point joins the nearest center, ties to the one taken first.
///
/// *Edge cases*: a bandwidth of 0 makes clusters of equal points. Distances within 1e-12 of the
/// bandwidth, relative, count as within, since points on a grid often lie at exactly this distance.
/// *Determinism*: sums run over the points, and over the coordinates, in ascending order.
///
/// Reference: Comaniciu and Meer, IEEE Trans. Pattern Anal. Mach. Intell. 24, 2002.
public struct MeanShift: Sendable, Equatable {
  /// The modes, in the order in which they were taken.
  public let centers: [[Double]]
  /// The cluster of each point.
  public let labels: [Int]

  /// The most moves of a center; it needs a few.
  private static let stepLimit = 300

  /// Clusters points, one array of coordinates each.
  ///
  /// - Parameters:
  ///   - points: One or more points of equally many coordinates, all finite.
  ///   - bandwidth: At least 0.
  /// - Complexity: O(steps · n² d).
  public init(_ points: [[Double]], bandwidth: Double) {
    precondition(!points.isEmpty, "clustering needs a point")
    precondition(bandwidth >= 0, "a bandwidth of \(bandwidth)")
    precondition(
      points.allSatisfy { $0.count == points[0].count && $0.allSatisfy(\.isFinite) },
      "points to cluster need equally many coordinates, finite ones")
    let limit = bandwidth * bandwidth * (1 + 2e-12)
    let climbed = points.map { Self.climb(from: $0, points, limit) }
    let order = climbed.indices.sorted { (-climbed[$0].count, $0) < (-climbed[$1].count, $1) }
    var centers: [[Double]] = []
    for place in order {
      let center = climbed[place].center
      if centers.allSatisfy({ Self.squaredDistance($0, center) > limit }) {
        centers.append(center)
      }
    }
    labels = points.map { point in
      centers.indices.reduce(0) {
        Self.squaredDistance(point, centers[$1]) < Self.squaredDistance(point, centers[$0])
          ? $1 : $0
      }
    }
    self.centers = centers
  }

  /// Returns the mean over the points of the distance to their k-th nearest, themselves included,
  /// with k = floor(quantile · n), at least 1.
  ///
  /// - Precondition: At least one point; `quantile` in 0...1.
  /// - Complexity: O(n² (d + log n)).
  public static func bandwidth(of points: [[Double]], quantile: Double) -> Double {
    precondition(!points.isEmpty && quantile >= 0 && quantile <= 1, "quantile \(quantile)")
    let place = max(Int(quantile * Double(points.count)), 1) - 1
    let distances = points.map { point in
      points.map { squaredDistance(point, $0) }.sorted()[place].squareRoot()
    }
    return distances.reduce(0, +) / Double(points.count)
  }

  private static func climb(
    from start: [Double], _ points: [[Double]], _ limit: Double
  ) -> (center: [Double], count: Int) {
    var center = start
    var members: [Int] = []
    for _ in 0..<stepLimit {
      let within = points.indices.filter { squaredDistance(points[$0], center) <= limit }
      guard within != members, let first = within.first else { break }
      members = within
      // Relative to the first one, so that equal points have exactly theirs.
      center = center.indices.map { column in
        let origin = points[first][column]
        return origin
          + within.reduce(0) { $0 + (points[$1][column] - origin) } / Double(within.count)
      }
    }
    return (center, members.count)
  }

  private static func squaredDistance(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for column in a.indices { sum += (a[column] - b[column]) * (a[column] - b[column]) }
    return sum
  }
}
