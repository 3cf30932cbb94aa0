/// Clusters by Lloyd's algorithm from starts that are not drawn.
///
/// One cluster has the mean as its center. Each further one starts at the point that lowers the
/// inertia most while all centers stay where they are; then Lloyd's algorithm moves them. So there
/// is one result for 1, 2, … clusters, and it depends on nothing but the points.
///
/// *Ties*: of equally good starts the lowest point; a point as far from two centers joins the older
/// one. *Empty clusters*: as in ``KMeans``; with fewer distinct points than clusters some stay empty.
/// *Determinism*: sums run over the points, and over the coordinates, in ascending order.
///
/// Reference: Likas, Vlassis and Verbeek, Pattern Recognition 36, 2003, the fast variant.
public struct GlobalKMeans: Sendable, Equatable {
  /// The cluster of each point, of one cluster, of two, and so on.
  public let labels: [[Int]]
  /// The sum over the points of the squared distance to the center of their cluster, likewise.
  public let inertias: [Double]

  /// Clusters points, one array of coordinates each.
  ///
  /// - Parameters:
  ///   - points: As for ``KMeans``.
  ///   - limit: The largest number of clusters, 1 or more; more than points are allowed.
  ///   - stepLimit: The most passes over the points per number of clusters.
  /// - Complexity: O(limit · n² d).
  public init(_ points: [[Double]], limit: Int, stepLimit: Int = 300) {
    precondition(!points.isEmpty, "clustering needs a point")
    precondition(limit > 0 && stepLimit > 0, "\(limit) clusters in \(stepLimit) steps")
    let width = points[0].count
    precondition(
      width > 0 && points.allSatisfy { $0.count == width && $0.allSatisfy(\.isFinite) },
      "points to cluster need equally many coordinates, finite ones")
    let flat = points.flatMap(\.self)
    var run = Lloyd(flat, count: points.count, width: width)
    run.start(centers: points[0])
    var labels: [[Int]] = []
    var inertias: [Double] = []
    while true {
      run.iterate(limit: stepLimit)
      labels.append(run.labels)
      inertias.append(run.inertia)
      guard labels.count < limit else { break }
      let start = Self.bestStart(flat, width, run.distances) * width
      run.start(centers: run.centers + flat[start..<start + width])
    }
    self.labels = labels
    self.inertias = inertias
  }

  /// The point that as a further center takes most off the inertia.
  private static func bestStart(_ points: [Double], _ width: Int, _ distances: [Double]) -> Int {
    var best = (point: 0, gain: -1.0)
    for candidate in distances.indices {
      var gain = 0.0
      for point in distances.indices {
        var distance = 0.0
        for column in 0..<width {
          let difference = points[candidate * width + column] - points[point * width + column]
          distance += difference * difference
        }
        if distance < distances[point] { gain += distances[point] - distance }
      }
      if gain > best.gain { best = (candidate, gain) }
    }
    return best.point
  }
}
