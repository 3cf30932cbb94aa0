import Determinism

/// One run of Lloyd's algorithm: points and centers row by row, in one array each.
struct Lloyd {
  private let points: [Double]
  private let count: Int
  private let width: Int
  private(set) var centers: [Double] = []
  private(set) var labels: [Int]
  /// The squared distance of each point to the center of its label.
  private(set) var distances: [Double]

  init(_ points: [Double], count: Int, width: Int) {
    self.points = points
    self.count = count
    self.width = width
    labels = [Int](repeating: 0, count: count)
    distances = [Double](repeating: .infinity, count: count)
  }

  var inertia: Double { distances.reduce(0, +) }

  /// Chooses the centers by k-means++.
  mutating func start(clusters: Int, random: inout RandomStream) {
    add(center: random.index(below: count))
    while centers.count < clusters * width {
      let total = inertia
      guard total > 0 else {
        // No point lies apart from the centers: copies, which no tie goes to.
        while centers.count < clusters * width { centers += centers.prefix(width) }
        return
      }
      add(center: drawn(below: random.unit() * total))
    }
  }

  /// Starts from given centers, one behind the other.
  mutating func start(centers: [Double]) {
    self.centers = centers
    _ = assign()
  }

  /// The first point at which the running sum of distances exceeds the threshold.
  private func drawn(below threshold: Double) -> Int {
    var sum = 0.0
    var last = 0
    for point in 0..<count where distances[point] > 0 {
      sum += distances[point]
      last = point
      if sum > threshold { return point }
    }
    return last
  }

  /// Adds a point as a center and lets the points join it that are nearer to it.
  private mutating func add(center point: Int) {
    centers += points[point * width..<(point + 1) * width]
    let cluster = centers.count / width - 1
    for (other, distance) in squaredDistances(to: cluster).enumerated()
    where distance < distances[other] {
      distances[other] = distance
      labels[other] = cluster
    }
  }

  /// Moves centers to the means of their points and points to their nearest centers, until no
  /// label changes.
  mutating func iterate(limit: Int) {
    for _ in 0..<limit {
      moveCenters()
      if !assign() { return }
    }
  }

  /// Each mean is taken relative to the cluster's first point, so equal points have exactly theirs.
  private mutating func moveCenters() {
    let clusters = centers.count / width
    var sizes = [Int](repeating: 0, count: clusters)
    for label in labels { sizes[label] += 1 }
    for cluster in 0..<clusters where sizes[cluster] == 0 { refill(cluster, &sizes) }
    var origins = [Int](repeating: 0, count: clusters)
    for point in stride(from: count - 1, through: 0, by: -1) { origins[labels[point]] = point }
    var sums = [Double](repeating: 0, count: centers.count)
    for point in 0..<count {
      let cluster = labels[point]
      for column in 0..<width {
        sums[cluster * width + column] +=
          points[point * width + column] - points[origins[cluster] * width + column]
      }
    }
    for cluster in 0..<clusters where sizes[cluster] > 0 {
      for column in 0..<width {
        centers[cluster * width + column] =
          points[origins[cluster] * width + column]
          + sums[cluster * width + column] / Double(sizes[cluster])
      }
    }
  }

  /// Gives an empty cluster the point that lies farthest from its own center, if any lies apart.
  private mutating func refill(_ cluster: Int, _ sizes: inout [Int]) {
    var farthest: Int?
    for point in 0..<count where sizes[labels[point]] > 1 {
      if distances[point] > (farthest.map { distances[$0] } ?? 0) { farthest = point }
    }
    guard let farthest else { return }
    sizes[labels[farthest]] -= 1
    sizes[cluster] = 1
    labels[farthest] = cluster
    distances[farthest] = 0
  }

  /// Returns whether any label changed.
  private mutating func assign() -> Bool {
    let before = labels
    distances = squaredDistances(to: 0)
    for point in 0..<count { labels[point] = 0 }
    for cluster in 1..<max(centers.count / width, 1) {
      for (point, distance) in squaredDistances(to: cluster).enumerated()
      where distance < distances[point] {
        distances[point] = distance
        labels[point] = cluster
      }
    }
    return labels != before
  }

  /// The squared distance of each point to a center, columns added in order.
  private func squaredDistances(to cluster: Int) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(count)
    let center = centers[cluster * width..<(cluster + 1) * width]
    // Four points at once, because one is a chain of dependent additions; those behind the end
    // repeat the last one.
    for first in stride(from: 0, to: count, by: 4) {
      let starts = SIMD4<Int>(first, first + 1, first + 2, first + 3)
        .clamped(lowerBound: SIMD4(repeating: 0), upperBound: SIMD4(repeating: count - 1))
      let (a, b, c, d) = (
        starts[0] * width, starts[1] * width, starts[2] * width, starts[3] * width
      )
      var sums = SIMD4<Double>()
      for (column, value) in center.enumerated() {
        let gaps =
          SIMD4(points[a + column], points[b + column], points[c + column], points[d + column])
          - value
        sums += gaps * gaps
      }
      for lane in 0..<min(4, count - first) { result.append(sums[lane]) }
    }
    return result
  }
}
