/// Hierarchical clusters by density, of any number, with noise.
///
/// The core distance of a point is that to its `minimumSamples`-th nearest *other* point, and the
/// mutual reachability of two points the largest of both core distances and their own distance.
/// Single linkage by that is a tree, which is read from its root: where a cluster falls apart at a
/// distance w, into parts of which two or more have `minimumClusterSize` points, those are new
/// clusters; of a single one it goes on as that, and the other points leave it; of none it ends. All
/// links of the same distance break at once. The stability of a cluster is the sum over its points
/// of 1 / w where they leave it or it ends, less 1 / w where it began (0 for the root). A cluster is
/// selected if its stability is at least the sum of those selected below it.
///
/// The root, the cluster of all points, is selected only if `allowsSingleCluster`; it then has the
/// points that were in it when it ended. The other clusters have all points with which they began.
///
/// *Edge cases*: fewer points than `minimumClusterSize` are a single cluster where one is allowed, as
/// in the packages, and noise otherwise. At a distance of 0 a point is as stable as a number can be, so clusters of equal points
/// are never merged into a larger one that falls apart.
/// *Ties*: the labels do not depend on the order of the points, but for the rounding of a sum.
/// *Determinism*: no arithmetic but in the stabilities, which are summed from the root's end down.
///
/// Where the two packages differ this follows `hdbscan`: scikit-learn counts the point itself among
/// `min_samples`, so its k + 1 is k here. Both break links of the same distance one by one, in the
/// order that sorting leaves them in.
///
/// Reference: Campello, Moulavi and Sander, PAKDD 2013 (whose m_pts counts the point itself), and
/// for the tree McInnes, Healy and Astels, Journal of Open Source Software 2, 2017.
public struct HDBSCAN: Sendable, Equatable {
  /// The cluster of each point, numbered by their lowest points; −1 for noise.
  public let labels: [Int]
  /// The number of clusters.
  public let clusterCount: Int

  /// Clusters points by the table of their distances.
  ///
  /// - Parameters:
  ///   - distances: `n × n`, row-major, symmetric, finite, not negative, 0 on the diagonal.
  ///   - pointCount: The number n of points.
  ///   - minimumClusterSize: The least number of points of a cluster, 2 or more.
  ///   - minimumSamples: Which nearest other point gives the core distance, 1 or more; of fewer
  ///     points the farthest.
  ///   - allowsSingleCluster: Whether all points may be one cluster.
  /// - Complexity: O(n² log n) time, O(n) memory.
  public init(
    _ distances: [Double], pointCount: Int, minimumClusterSize: Int, minimumSamples: Int,
    allowsSingleCluster: Bool
  ) {
    precondition(
      pointCount >= 0 && distances.count == pointCount * pointCount,
      "\(distances.count) distances of \(pointCount) points")
    precondition(minimumClusterSize > 1, "clusters of \(minimumClusterSize) points")
    precondition(minimumSamples > 0, "\(minimumSamples) samples")
    var labels = [Int](repeating: -1, count: pointCount)
    var clusters: [[Int]] = []
    if pointCount > 0 {
      let linkage = ReachabilityLinkage(
        distances, pointCount: pointCount, minimumSamples: minimumSamples)
      clusters = CondensedTree(linkage, minimumClusterSize: minimumClusterSize)
        .selected(allowsSingleCluster: allowsSingleCluster).map { linkage.points(below: $0) }
    }
    let ordered = clusters.sorted { $0[0] < $1[0] }
    for (number, members) in ordered.enumerated() {
      for point in members { labels[point] = number }
    }
    self.labels = labels
    clusterCount = clusters.count
  }
}
