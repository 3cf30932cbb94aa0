public import Determinism

/// Clusters by Lloyd's algorithm, with the same bits on every machine.
///
/// Starts come from k-means++: the first center is a point drawn evenly, each further one a point
/// drawn with a chance in proportion to its squared distance from the nearest center so far. Of
/// several starts the one with the least inertia counts, ties to the earliest.
///
/// *Ties*: a point as far from two centers joins the lower one.
/// *Empty clusters*: the center moves to the point farthest from its own center (ties to the lowest
/// point), which it takes over. With fewer distinct points than clusters that point lies on its
/// center: then the cluster stays empty, and its center is a copy of the first one chosen.
/// *Determinism*: sums run over the points, and over the coordinates, in ascending order.
///
/// References: Lloyd, IEEE Trans. Inf. Theory 28, 1982; Arthur and Vassilvitskii, SODA 2007.
public struct KMeans: Sendable, Equatable {
  /// The mean of each cluster, `k × d`, unless the step limit ended the search; of an empty cluster, see
  /// above.
  public let centers: [[Double]]
  /// The cluster of each point.
  public let labels: [Int]
  /// The sum over the points of the squared distance to the center of their cluster.
  public let inertia: Double

  /// Clusters points, one array of coordinates each.
  ///
  /// - Parameters:
  ///   - points: One or more points of equally many coordinates, at least one, all finite, whose
  ///     squared distances are finite, too.
  ///   - count: The number of clusters, 1 or more; more than points are allowed.
  ///   - starts: How often to start anew.
  ///   - stepLimit: The most passes over the points per start, should labels go on changing.
  ///   - random: Draws one index and at most `count - 1` further numbers per start.
  /// - Complexity: O(starts · steps · n k d).
  public init(
    _ points: [[Double]], count: Int, starts: Int = 10, stepLimit: Int = 300,
    random: inout RandomStream
  ) {
    precondition(!points.isEmpty, "clustering needs a point")
    precondition(
      count > 0 && starts > 0 && stepLimit > 0,
      "clustering needs 1 or more clusters, starts, steps, got \(count), \(starts), \(stepLimit)")
    let width = points[0].count
    precondition(
      width > 0 && points.allSatisfy { $0.count == width && $0.allSatisfy(\.isFinite) },
      "points to cluster need equally many coordinates, finite ones")
    let values = points.flatMap(\.self)
    var best: Lloyd?
    for _ in 0..<starts {
      var run = Lloyd(values, count: points.count, width: width)
      run.start(clusters: count, random: &random)
      run.iterate(limit: stepLimit)
      if best.map({ run.inertia < $0.inertia }) ?? true { best = run }
    }
    guard let best else { preconditionFailure("there was a start") }
    centers = (0..<count).map { Array(best.centers[$0 * width..<($0 + 1) * width]) }
    labels = best.labels
    inertia = best.inertia
  }

  /// Clusters numbers; otherwise as points of one coordinate.
  public init(
    _ values: [Double], count: Int, starts: Int = 10, stepLimit: Int = 300,
    random: inout RandomStream
  ) {
    self.init(
      values.map { [$0] }, count: count, starts: starts, stepLimit: stepLimit, random: &random)
  }
}
