/// The eigenvalues and eigenvectors of a small symmetric matrix, by the cyclic Jacobi method.
///
/// *Order*: eigenvalues descend; equal ones keep the order of their columns.
/// *Sign*: in each vector the entry of the largest magnitude is positive, the first of several.
/// *Determinism*: rotations run over the upper triangle, row by row, in every sweep. Vectors of equal
/// eigenvalues are some orthonormal basis, always the same one.
/// *Error*: eigenvalues to about n times 1e-16 of the largest magnitude.
///
/// Reference: Golub and Van Loan, Matrix Computations, 4th edition, section 8.5.
public struct SymmetricEigen: Sendable, Equatable {
  /// The eigenvalues, descending.
  public let values: [Double]
  /// The unit eigenvector of each eigenvalue, `n × n`.
  public let vectors: [[Double]]

  /// More sweeps than any matrix is known to need: convergence is quadratic.
  private static let sweepLimit = 60

  /// Decomposes a matrix.
  ///
  /// - Parameters:
  ///   - matrix: `n × n`, row-major, finite. The upper triangle is read, the lower one taken to be
  ///     its mirror image.
  ///   - order: The number n of rows, 0 or more.
  /// - Complexity: O(n³) per sweep, of which there are about ten.
  public init(_ matrix: [Double], order: Int) {
    precondition(
      order >= 0 && matrix.count == order * order,
      "a matrix of order \(order) does not have \(matrix.count) entries")
    precondition(matrix.allSatisfy(\.isFinite), "a matrix to decompose has to be finite")
    var rotated = matrix
    for i in 0..<order {
      for j in 0..<i { rotated[i * order + j] = rotated[j * order + i] }
    }
    var basis = [Double](repeating: 0, count: order * order)
    for i in 0..<order { basis[i * order + i] = 1 }
    var sweeps = 0
    while sweeps < Self.sweepLimit, Self.sweep(&rotated, &basis, order) { sweeps += 1 }
    let diagonal = (0..<order).map { rotated[$0 * order + $0] }
    let places = diagonal.indices.sorted { (-diagonal[$0], $0) < (-diagonal[$1], $1) }
    values = places.map { diagonal[$0] }
    vectors = places.map { Self.oriented(Array(basis[$0 * order..<($0 + 1) * order])) }
  }

  /// Rotates every entry above the diagonal to 0 once; the rows of `basis` become the eigenvectors.
  ///
  /// - Returns: Whether any entry was large enough to matter.
  private static func sweep(_ a: inout [Double], _ basis: inout [Double], _ n: Int) -> Bool {
    var isRotated = false
    for p in 0..<n {
      for q in p + 1..<n {
        let entry = a[p * n + q]
        let (first, second) = (a[p * n + p], a[q * n + q])
        // Others are too small to change an eigenvalue.
        if abs(entry) > 0x1p-60 * abs(first).squareRoot() * abs(second).squareRoot() {
          isRotated = true
          let theta = (second - first) / (2 * entry)
          let root = (1 + theta * theta).squareRoot()
          let tangent = theta >= 0 ? 1 / (theta + root) : 1 / (theta - root)
          rotate(&a, &basis, p, q, tangent: tangent, n)
          a[p * n + p] = first - tangent * entry
          a[q * n + q] = second + tangent * entry
        }
        a[p * n + q] = 0
        a[q * n + p] = 0
      }
    }
    return isRotated
  }

  /// Turns rows and columns `p` and `q` of `a`, but for the entries where they cross, and rows `p`
  /// and `q` of `basis`.
  private static func rotate(
    _ a: inout [Double], _ basis: inout [Double], _ p: Int, _ q: Int, tangent: Double, _ n: Int
  ) {
    let cosine = 1 / (1 + tangent * tangent).squareRoot()
    let sine = tangent * cosine
    rotateRows(&basis, p, q, cosine: cosine, sine: sine, n)
    // Columns are the mirror images of rows; the caller sets the four entries where they cross.
    rotateRows(&a, p, q, cosine: cosine, sine: sine, n)
    for k in 0..<n {
      a[k * n + p] = a[p * n + k]
      a[k * n + q] = a[q * n + k]
    }
  }

  private static func rotateRows(
    _ matrix: inout [Double], _ p: Int, _ q: Int, cosine: Double, sine: Double, _ n: Int
  ) {
    let first = p * n
    let gap = (q - p) * n
    for place in first..<first + n {
      let (x, y) = (matrix[place], matrix[place + gap])
      matrix[place] = cosine * x - sine * y
      matrix[place + gap] = sine * x + cosine * y
    }
  }

  private static func oriented(_ vector: [Double]) -> [Double] {
    var leading = 0.0
    for value in vector where abs(value) > abs(leading) { leading = value }
    return leading < 0 ? vector.map { -$0 } : vector
  }
}
