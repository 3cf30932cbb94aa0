/// Clusters by density at one scale, of any number, with noise.
///
/// A point is a core point if at least `minimumPoints` points, itself included, lie within `radius`
/// of it. Core points within the radius of each other belong together, and other points join a
/// cluster of which a core point is that near; those near none are noise.
///
/// *Ties*: a point near core points of several clusters joins the one numbered lowest. A distance of
/// exactly the radius is within.
///
/// Reference: Ester, Kriegel, Sander and Xu, KDD 1996; scikit-learn counts the same way.
public struct DBSCAN: Sendable, Equatable {
  /// The cluster of each point, numbered by their lowest core points; −1 for noise.
  public let labels: [Int]
  /// The number of clusters.
  public let clusterCount: Int

  /// Clusters points by the table of their distances.
  ///
  /// - Parameters:
  ///   - distances: `n × n`, row-major, symmetric, 0 on the diagonal.
  ///   - pointCount: The number n of points.
  ///   - radius: How far a neighbor is at most, 0 or more.
  ///   - minimumPoints: The least number of points within the radius of a core point, itself
  ///     included, 1 or more.
  /// - Complexity: O(n²).
  public init(_ distances: [Double], pointCount: Int, radius: Double, minimumPoints: Int) {
    let n = pointCount
    precondition(n >= 0 && distances.count == n * n, "\(distances.count) distances of \(n) points")
    precondition(radius >= 0 && minimumPoints > 0, "radius \(radius), \(minimumPoints) points")
    let isCore = (0..<n).map { point in
      distances[point * n..<(point + 1) * n].count { $0 <= radius } >= minimumPoints
    }
    var labels = [Int](repeating: -1, count: n)
    var count = 0
    for start in 0..<n where isCore[start] && labels[start] < 0 {
      labels[start] = count
      var open = [start]
      while let core = open.popLast() {
        for point in 0..<n where labels[point] < 0 && distances[core * n + point] <= radius {
          labels[point] = count
          if isCore[point] { open.append(point) }
        }
      }
      count += 1
    }
    self.labels = labels
    clusterCount = count
  }
}
