/// Points in the directions in which they vary most: principal component analysis.
///
/// The directions are not computed, only where the points lie along them, which takes no more than
/// the inner products of the centered points. So points of any number of coordinates cost the same.
///
/// *Sign*: along each direction the point farthest out has a positive coordinate, the first of
/// several. *Order*: variances descend. *Degenerate*: directions that points do not vary in have
/// zeros, so that one point and equal points have nothing else; of equal variances some directions
/// of their common space, always the same.
/// *Determinism*: the same bits on every machine. *Error*: variances to about n times 1e-16 of the
/// largest one.
///
/// Reference: Jolliffe, Principal Component Analysis, 2nd edition, chapter 3.
public struct PrincipalComponents: Sendable, Equatable {
  /// The coordinates of each point along the directions, `n × count`.
  public let coordinates: [[Double]]
  /// The variance along each direction, over n − 1; 0 of a single point.
  public let variances: [Double]

  /// Projects points, given the inner products of what they differ from their mean by.
  ///
  /// - Parameters:
  ///   - gram: `n × n`, row-major, symmetric, finite.
  ///   - pointCount: The number n of points.
  ///   - count: The number of directions; more than points are allowed.
  /// - Complexity: O(n³) up to 40 points; beyond, O(`count` k n²), see ``LargestEigenpair``.
  public init(gram: [Double], pointCount: Int, count: Int) {
    precondition(
      pointCount >= 0 && gram.count == pointCount * pointCount && count >= 0,
      "\(gram.count) products of \(pointCount) points for \(count) directions")
    var rest = gram
    var pairs: [LargestEigenpair] = []
    let largest = gram.reduce(0) { max($0, abs($1)) }
    let limit = Double(pointCount) * 0x1p-50 * largest
    while pairs.count < min(count, pointCount) {
      let pair = LargestEigenpair(rest, order: pointCount)
      guard pair.value > limit else { break }
      pairs.append(pair)
      for i in 0..<pointCount {
        for j in 0..<pointCount {
          rest[i * pointCount + j] -= pair.value * pair.vector[i] * pair.vector[j]
        }
      }
    }
    coordinates = (0..<pointCount).map { point in
      (0..<count).map { place in
        guard place < pairs.count else { return 0 }
        // By its own products, so that equal points have equal coordinates.
        var sum = 0.0
        for (other, value) in pairs[place].vector.enumerated() {
          sum += gram[point * pointCount + other] * value
        }
        return sum / pairs[place].value.squareRoot()
      }
    }
    variances = (0..<count).map { place in
      place < pairs.count ? pairs[place].value / Double(pointCount - 1) : 0
    }
  }

  /// Projects points, one array of coordinates each.
  ///
  /// - Parameters:
  ///   - points: Points of equally many coordinates, all finite, whose squares are finite, too.
  ///   - count: The number of directions.
  /// - Complexity: O(n² d) for the products.
  public init(_ points: [[Double]], count: Int) {
    let n = points.count
    let width = points.first?.count ?? 0
    precondition(points.allSatisfy { $0.count == width }, "points differ in length")
    var centered = points
    for column in 0..<width {
      // Relative to the first point, so that equal points have exactly zeros.
      let origin = points[0][column]
      let mean = points.reduce(0) { $0 + ($1[column] - origin) } / Double(n)
      for row in 0..<n { centered[row][column] = (points[row][column] - origin) - mean }
    }
    var gram = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in i..<max(n, i) {
        let product = zip(centered[i], centered[j]).reduce(0) { $0 + $1.0 * $1.1 }
        gram[i * n + j] = product
        gram[j * n + i] = product
      }
    }
    self.init(gram: gram, pointCount: n, count: count)
  }
}
