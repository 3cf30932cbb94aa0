/// The projections of rows on their first principal component.
///
/// Through the m × m Gram matrix of the centered rows: with its largest eigenvalue λ and unit
/// eigenvector v, row i projects to `v[i] √λ`. The Gram matrix comes from the pairwise squared
/// distances by double centering. Equal rows get equal projections.
///
/// - Up to 64 rows v is the dominant vector after 4 squarings, which equals 640 power iterations
///   from the row farthest from the mean: eigenvalues 4 % apart are separated to 1e-11.
/// - Of more rows the matrix is projected on the Krylov space of at most 80 directions that starts
///   with the image of that row; v is the dominant vector there, after 8 squarings. Eigenvalues 4 %
///   apart are separated to 1e-10 and those 10 % apart to the precision of `Double`.
///
/// - Complexity: O(m³) up to 64 rows, O(80 m² + 80² m) above.
enum PrincipalComponent {
  /// The most rows whose matrix is squared.
  static let denseLimit = 64
  private static let denseSquaringCount = 4
  private static let directionLimit = 80
  private static let projectedSquaringCount = 8

  /// Returns the absolute projections; all 0 where all rows are equal.
  static func projections(_ geometry: RowGeometry, denseLimit: Int = denseLimit) -> [Double] {
    let n = geometry.rowCount
    let gram = centeredGram(geometry)
    let found =
      n <= denseLimit
      ? DominantVector.find(gram, n, squaringCount: denseSquaringCount) : krylovVector(gram, n)
    guard let vector = found else { return [Double](repeating: 0, count: n) }
    let image = DominantVector.product(gram, vector.span)
    let eigenvalue = zip(vector, image).reduce(0) { $0 + $1.0 * $1.1 }
    let scale = max(0, eigenvalue).squareRoot()
    return vector.map { abs($0) * scale }
  }

  private static func krylovVector(_ gram: [Double], _ n: Int) -> [Double]? {
    guard let farthest = DominantVector.largestDiagonal(gram, n) else { return nil }
    let matrix = DominantVector.normalized(gram, n)
    // A row of the matrix has equal elements for equal rows; a unit vector would not.
    let start = Array(matrix[farthest * n..<(farthest + 1) * n])
    let space = KrylovSpace(matrix, start: start, limit: directionLimit)
    return DominantVector.find(
      space.projected, space.directions.count, squaringCount: projectedSquaringCount
    ).map { DominantVector.unit(space.vector($0)) }
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
}
