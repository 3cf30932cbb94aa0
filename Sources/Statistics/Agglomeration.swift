/// Clusters by merging: every point starts as one, and the two of least distance are merged until as
/// many are left as asked for.
///
/// Of equally near pairs, to 1e-12 relative, the one of the lowest cluster is merged, then that of its
/// lowest partner; a cluster is as low as its lowest point.
///
/// *Determinism*: distances are updated by the formula of Lance and Williams, in order.
///
/// Reference: Sokal and Michener, Univ. Kansas Sci. Bull. 38, 1958; Lance and Williams, The Computer
/// Journal 9, 1967.
public struct Agglomeration: Sendable, Equatable {
  /// What the distance of two clusters is, of all distances of a point of one and a point of the
  /// other.
  public enum Linkage: Sendable {
    /// The least of them. Two clusters that are left have the largest distance that two can have.
    case single
    case average
    /// The largest of them.
    case complete
  }

  /// The cluster of each point, numbered by their lowest points.
  public let labels: [Int]

  /// Clusters points by the table of their distances.
  ///
  /// - Parameters:
  ///   - distances: `n × n`, row-major, symmetric, finite, not negative.
  ///   - pointCount: The number n of points.
  ///   - clusterCount: The number of clusters, 1 or more; of fewer points each is a cluster.
  ///   - linkage: What the distance of two clusters is.
  /// - Complexity: O(n²) where few clusters have the same neighbor, O(n³) at worst.
  public init(
    _ distances: [Double], pointCount: Int, clusterCount: Int, linkage: Linkage
  ) {
    precondition(
      pointCount >= 0 && distances.count == pointCount * pointCount,
      "\(distances.count) distances of \(pointCount) points")
    precondition(clusterCount > 0, "\(clusterCount) clusters")
    var merging = Merging(distances, pointCount, linkage)
    for _ in 0..<max(0, pointCount - clusterCount) { merging.merge() }
    var numbers: [Int: Int] = [:]
    labels = merging.clusters.map { cluster in
      let next = numbers.count
      let number = numbers[cluster] ?? next
      numbers[cluster] = number
      return number
    }
  }

  /// The clusters that are left, each by its lowest point.
  private struct Merging {
    private let count: Int
    private let linkage: Linkage
    private var distances: [Double]
    private var sizes: [Int]
    /// The nearest higher cluster of each; −1 where there is none.
    private var nearest: [Int]
    /// The cluster of each point.
    private(set) var clusters: [Int]

    init(_ distances: [Double], _ count: Int, _ linkage: Linkage) {
      self.count = count
      self.linkage = linkage
      self.distances = distances
      sizes = [Int](repeating: 1, count: count)
      nearest = [Int](repeating: -1, count: count)
      clusters = Array(0..<count)
      for cluster in 0..<count { findNearest(of: cluster) }
    }

    private func isLess(_ a: Double, _ b: Double) -> Bool { a < b * (1 - 1e-12) }

    private mutating func findNearest(of cluster: Int) {
      var best = -1
      for other in cluster + 1..<max(count, cluster + 1) where sizes[other] > 0 {
        if best < 0 || isLess(distance(cluster, other), distance(cluster, best)) { best = other }
      }
      nearest[cluster] = best
    }

    private func distance(_ a: Int, _ b: Int) -> Double { distances[a * count + b] }

    mutating func merge() {
      var low = -1
      for cluster in 0..<count where sizes[cluster] > 0 && nearest[cluster] >= 0 {
        if low < 0
          || isLess(distance(cluster, nearest[cluster]), distance(low, nearest[low]))
        {
          low = cluster
        }
      }
      let high = nearest[low]
      let (first, second) = (Double(sizes[low]), Double(sizes[high]))
      for other in 0..<count where sizes[other] > 0 && other != low && other != high {
        let (a, b) = (distance(low, other), distance(high, other))
        let joined =
          switch linkage {
          case .single: min(a, b)
          case .average: (first * a + second * b) / (first + second)
          case .complete: max(a, b)
          }
        distances[low * count + other] = joined
        distances[other * count + low] = joined
      }
      sizes[low] += sizes[high]
      sizes[high] = 0
      for point in clusters.indices where clusters[point] == high { clusters[point] = low }
      findNearest(of: low)
      // No other cluster comes nearer: what is joined is at least the lower of two distances.
      for other in 0..<high where nearest[other] == high || nearest[other] == low {
        if sizes[other] > 0 && other != low { findNearest(of: other) }
      }
    }
  }
}
