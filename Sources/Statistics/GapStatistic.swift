public import Determinism

/// How many clusters points have, by the gap statistic.
///
/// `Gap(k) = E*[log W_k] - log W_k`, where `W_k` is the inertia of k-means with k clusters and the
/// expectation is the mean over reference sets, as many points drawn evenly from the box around the
/// points. With `s_k = sd_k √(1 + 1/B)`, sd the population deviation over the B reference sets, the
/// estimate is the least k with `Gap(k) ≥ Gap(k + 1) - s_{k+1}`, or else the largest k that was
/// tried.
///
/// *Edge cases*: k stops at one less than the number of points, because n clusters fit any n points.
/// Equal points, and a single one, are 1 cluster, without any draw. An inertia of 0, of points that
/// fall together, counts as the least normal number, so that every gap is finite.
/// *Determinism*: all reference sets are drawn first, set by set, point by point, coordinate by
/// coordinate; then come the clusterings, k ascending, the points before the reference sets.
///
/// Reference: Tibshirani, Walther and Hastie, J. R. Stat. Soc. B 63, 2001, sections 2 to 4; their
/// choice (a) of the reference distribution.
public struct GapStatistic: Sendable, Equatable {
  /// Gap(k) for k = 1, 2, …; just one 0 where the points are equal.
  public let gaps: [Double]
  /// s_k for the same k.
  public let errors: [Double]
  /// The estimate, 1 or more.
  public let clusterCount: Int

  /// Estimates the number of clusters of points, one array of coordinates each.
  ///
  /// - Parameters:
  ///   - points: As for ``KMeans``.
  ///   - limit: The largest number of clusters to try (K_max), 1 or more.
  ///   - referenceCount: The number of reference sets (B), 1 or more.
  ///   - starts: How often each k-means starts anew.
  ///   - random: Draws the reference sets and the starts.
  /// - Complexity: O(limit · referenceCount) runs of k-means.
  public init(
    _ points: [[Double]], limit: Int = 10, referenceCount: Int = 20, starts: Int = 10,
    random: inout RandomStream
  ) {
    precondition(!points.isEmpty, "the gap statistic needs a point")
    precondition(
      limit > 0 && referenceCount > 0,
      "the gap statistic needs 1 or more clusters and reference sets, got \(limit), \(referenceCount)"
    )
    guard points.contains(where: { $0 != points[0] }) else {
      self.init([1], references: [[1]])
      return
    }
    let sets = Self.references(for: points, count: referenceCount, random: &random)
    var own: [Double] = []
    var others: [[Double]] = []
    for k in 1...min(limit, max(1, points.count - 1)) {
      own.append(Self.inertia(points, k, starts, &random))
      others.append(sets.map { Self.inertia($0, k, starts, &random) })
    }
    self.init(own, references: others)
  }

  /// Estimates the number of clusters by ``GlobalKMeans``, so that the reference sets are all that is
  /// drawn; otherwise as by k-means.
  ///
  /// - Complexity: O(limit · referenceCount · n²) for n points.
  public init(
    globally points: [[Double]], limit: Int = 10, referenceCount: Int = 20,
    random: inout RandomStream
  ) {
    precondition(!points.isEmpty, "the gap statistic needs a point")
    precondition(
      limit > 0 && referenceCount > 0,
      "the gap statistic needs 1 or more clusters and reference sets, got \(limit), \(referenceCount)"
    )
    guard points.contains(where: { $0 != points[0] }) else {
      self.init([1], references: [[1]])
      return
    }
    let count = min(limit, max(1, points.count - 1))
    let sets = Self.references(for: points, count: referenceCount, random: &random)
    let found = sets.map { GlobalKMeans($0, limit: count).inertias }
    self.init(
      GlobalKMeans(points, limit: count).inertias,
      references: (0..<count).map { place in found.map { $0[place] } })
  }

  /// - Parameters:
  ///   - own: The inertia of the points, for k = 1, 2, …
  ///   - references: Those of the reference sets, for the same k.
  private init(_ own: [Double], references: [[Double]]) {
    let logs = references.map { $0.map(Self.log) }
    let gaps = zip(own, logs).map { own, logs in
      logs.reduce(0, +) / Double(logs.count) - Self.log(own)
    }
    let errors = logs.map { logs in
      ((Moments.populationVariance(logs) ?? 0) * (1 + 1 / Double(logs.count))).squareRoot()
    }
    self.gaps = gaps
    self.errors = errors
    clusterCount =
      gaps.indices.dropLast().first { gaps[$0] >= gaps[$0 + 1] - errors[$0 + 1] }.map { $0 + 1 }
      ?? gaps.count
  }

  private static func log(_ inertia: Double) -> Double {
    ElementaryFunctions.log(max(inertia, .leastNormalMagnitude))
  }

  /// Estimates the number of clusters of numbers; otherwise as for points of one coordinate.
  public init(
    _ values: [Double], limit: Int = 10, referenceCount: Int = 20, starts: Int = 10,
    random: inout RandomStream
  ) {
    self.init(
      values.map { [$0] }, limit: limit, referenceCount: referenceCount, starts: starts,
      random: &random)
  }

  private static func references(
    for points: [[Double]], count: Int, random: inout RandomStream
  ) -> [[[Double]]] {
    let columns = points[0].indices
    let low = columns.map { column in points.reduce(Double.infinity) { min($0, $1[column]) } }
    let high = columns.map { column in points.reduce(-Double.infinity) { max($0, $1[column]) } }
    return (0..<count).map { _ in
      points.map { _ in
        columns.map { low[$0] + (high[$0] - low[$0]) * random.unit() }
      }
    }
  }

  private static func inertia(
    _ points: [[Double]], _ k: Int, _ starts: Int, _ random: inout RandomStream
  ) -> Double {
    KMeans(points, count: k, starts: starts, random: &random).inertia
  }
}
