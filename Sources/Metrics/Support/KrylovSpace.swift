/// The space in which the principal component of many rows is sought: that of a start and its
/// images, by the method of Lanczos (1950), each new direction made orthogonal to all before twice.
struct KrylovSpace {
  /// A direction shorter than this, for a matrix of trace 1, is rounding noise: the space is
  /// complete.
  private static let noise = 1e-13

  /// Orthonormal directions of n values.
  private(set) var directions: [[Double]]
  private var diagonal: [Double] = []
  private var offDiagonal: [Double] = []

  /// - Parameters:
  ///   - matrix: n × n, symmetric, of trace 1.
  ///   - start: Not zero.
  ///   - limit: The most directions.
  /// - Complexity: O(`limit` n² + `limit`² n).
  init(_ matrix: [Double], start: [Double], limit: Int) {
    directions = [DominantVector.unit(start)]
    while true {
      let last = directions[directions.count - 1]
      var next = DominantVector.product(matrix, last.span)
      diagonal.append(Self.dot(next, last))
      guard directions.count < limit else { return }
      for _ in 0..<2 {
        for direction in directions {
          let share = Self.dot(next, direction)
          Self.add(-share, direction, to: &next)
        }
      }
      let norm = Self.dot(next, next).squareRoot()
      guard norm > Self.noise else { return }
      offDiagonal.append(norm)
      directions.append(next.map { $0 / norm })
    }
  }

  /// The matrix as it acts within the space, tridiagonal, in its directions.
  var projected: [Double] {
    let count = diagonal.count
    var matrix = [Double](repeating: 0, count: count * count)
    for i in 0..<count { matrix[i * count + i] = diagonal[i] }
    for i in offDiagonal.indices {
      matrix[i * count + i + 1] = offDiagonal[i]
      matrix[(i + 1) * count + i] = offDiagonal[i]
    }
    return matrix
  }

  /// Returns the vector of n values with the given coordinates in the space.
  func vector(_ coordinates: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: directions[0].count)
    for (weight, direction) in zip(coordinates, directions) {
      Self.add(weight, direction, to: &result)
    }
    return result
  }

  /// The sum of products, in order.
  private static func dot(_ x: [Double], _ y: [Double]) -> Double {
    zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private static func add(_ weight: Double, _ x: [Double], to y: inout [Double]) {
    precondition(x.count == y.count)
    let x = x.span
    var y = y.mutableSpan
    for i in 0..<x.count { y[i] += weight * x[i] }
  }
}
