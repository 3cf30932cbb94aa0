/// The eigenvector of the largest eigenvalue of a small symmetric matrix without negative ones.
///
/// The matrix is squared some times and multiplied 40 times into a fixed start, the unit vector of
/// its largest diagonal element (ties to the lowest). With s squarings that equals 40 × 2^s power
/// iterations; of eigenvalues too close for that the result is some direction between their
/// vectors, the same on every machine.
enum DominantVector {
  private static let iterationCount = 40

  /// Returns the unit vector of an n × n matrix; `nil` where its diagonal has no positive element.
  ///
  /// - Complexity: O(n³) for each squaring.
  static func find(_ matrix: [Double], _ n: Int, squaringCount: Int) -> [Double]? {
    guard let largest = largestDiagonal(matrix, n) else { return nil }
    var power = matrix
    for _ in 0..<squaringCount { power = squared(normalized(power, n), n) }
    power = normalized(power, n)
    var vector = [Double](repeating: 0, count: n)
    vector[largest] = 1
    for _ in 0..<iterationCount { vector = unit(product(power, vector.span)) }
    return vector
  }

  /// Returns the place of the largest diagonal element, ties to the lowest; `nil` where none is
  /// positive.
  static func largestDiagonal(_ matrix: [Double], _ n: Int) -> Int? {
    let diagonal = (0..<n).map { matrix[$0 * n + $0] }
    let largest = diagonal.indices.max { (diagonal[$0], $1) < (diagonal[$1], $0) }
    return largest.flatMap { diagonal[$0] > 0 ? $0 : nil }
  }

  /// Divides by the trace, so that powers stay in range.
  static func normalized(_ matrix: [Double], _ n: Int) -> [Double] {
    let trace = (0..<n).reduce(0) { $0 + matrix[$1 * n + $1] }
    return matrix.map { $0 / trace }
  }

  /// The product of a symmetric matrix and a vector, as the sum of the weighted rows.
  static func product(_ matrix: [Double], _ weights: Span<Double>) -> [Double] {
    let n = weights.count
    var result = [Double](repeating: 0, count: n)
    var target = result.mutableSpan
    for row in 0..<n {
      let weight = weights[row]
      let source = matrix.span.extracting(row * n..<(row + 1) * n)
      for column in 0..<n { target[column] += weight * source[column] }
    }
    return result
  }

  static func unit(_ vector: [Double]) -> [Double] {
    let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return norm > 0 ? vector.map { $0 / norm } : vector
  }

  /// The square of a symmetric matrix, row by row; each sum ascends over the inner index.
  private static func squared(_ matrix: [Double], _ n: Int) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(n * n)
    for row in 0..<n {
      result += product(matrix, matrix.span.extracting(row * n..<(row + 1) * n))
    }
    return result
  }
}
