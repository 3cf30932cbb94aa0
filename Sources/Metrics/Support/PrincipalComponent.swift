/// The projections of a round's rows on the first principal component.
///
/// Through the n × n Gram matrix of the centered rows: with its largest eigenvalue λ and unit
/// eigenvector v, row i projects to `v[i] √λ`. The Gram matrix comes from the pairwise squared
/// distances by double centering, is squared four times and multiplied 40 times into a fixed start,
/// the unit vector of the row farthest from the mean (ties to the lowest row). That equals 640 power
/// iterations: eigenvalues 4 % apart are separated to 1e-11; of closer ones the result is some
/// direction between them, the same on every machine. Equal rows get equal projections.
///
/// - Complexity: O(n³).
enum PrincipalComponent {
  private static let squaringCount = 4
  private static let iterationCount = 40

  /// Returns the absolute projections; all 0 where all rows are equal.
  static func projections(_ geometry: RowGeometry) -> [Double] {
    let n = geometry.rowCount
    let gram = centeredGram(geometry)
    let diagonal = (0..<n).map { gram[$0 * n + $0] }
    guard let farthest = diagonal.indices.max(by: { (diagonal[$0], $1) < (diagonal[$1], $0) }),
      diagonal[farthest] > 0
    else { return [Double](repeating: 0, count: n) }
    var power = gram
    for _ in 0..<squaringCount { power = squared(normalized(power, n), n) }
    power = normalized(power, n)
    var vector = [Double](repeating: 0, count: n)
    vector[farthest] = 1
    for _ in 0..<iterationCount {
      vector = unit(combination(power, vector.span))
    }
    let image = combination(gram, vector.span)
    let eigenvalue = zip(vector, image).reduce(0) { $0 + $1.0 * $1.1 }
    let scale = max(0, eigenvalue).squareRoot()
    return vector.map { abs($0) * scale }
  }

  /// The matrix `-J D J / 2` with D the squared distances and J the centering projection.
  private static func centeredGram(_ geometry: RowGeometry) -> [Double] {
    let n = geometry.rowCount
    let distances = geometry.squaredDistances
    let means = (0..<n).map { row in
      distances[row * n..<(row + 1) * n].reduce(0, +) / Double(n)
    }
    let mean = means.reduce(0, +) / Double(max(n, 1))
    var gram = distances
    for i in 0..<n {
      for j in 0..<n { gram[i * n + j] = (means[i] + means[j] - mean - gram[i * n + j]) / 2 }
    }
    return gram
  }

  /// Divides by the trace, so that powers stay in range.
  private static func normalized(_ matrix: [Double], _ n: Int) -> [Double] {
    let trace = (0..<n).reduce(0) { $0 + matrix[$1 * n + $1] }
    return matrix.map { $0 / trace }
  }

  /// The square of a symmetric matrix, row by row; each sum ascends over the inner index.
  private static func squared(_ matrix: [Double], _ n: Int) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(n * n)
    for row in 0..<n {
      result += combination(matrix, matrix.span.extracting(row * n..<(row + 1) * n))
    }
    return result
  }

  /// The product of a symmetric matrix and a vector, as the sum of the weighted rows.
  private static func combination(_ matrix: [Double], _ weights: Span<Double>) -> [Double] {
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

  private static func unit(_ vector: [Double]) -> [Double] {
    let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return norm > 0 ? vector.map { $0 / norm } : vector
  }
}
