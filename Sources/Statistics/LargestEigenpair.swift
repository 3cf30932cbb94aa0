/// The largest eigenvalue of a symmetric matrix and its eigenvector.
///
/// Up to 40 rows it is the first of ``SymmetricEigen``. Of more rows it is sought in the Krylov space
/// of a fixed start, by the method of Lanczos with every direction made orthogonal to all before
/// twice, which grows until the residual is 1e-13 of the eigenvalue.
///
/// *Sign*: as in ``SymmetricEigen``. *Degenerate*: of equal eigenvalues, and of those closer together
/// than rounding can tell, some vector of their common space. Zeros give the eigenvalue 0.
/// *Determinism*: the same bits on every machine; products and sums run in ascending order.
///
/// Reference: Golub and Van Loan, Matrix Computations, 4th edition, section 10.1.
public struct LargestEigenpair: Sendable, Equatable {
  public let value: Double
  /// Of length 1; empty for order 0.
  public let vector: [Double]

  private static let directOrder = 40
  private static let tolerance = 1e-13

  /// - Parameters:
  ///   - matrix: `n × n`, row-major, symmetric, finite, without negative eigenvalues of the
  ///     magnitude of the largest one.
  ///   - order: The number n of rows, 0 or more.
  /// - Complexity: O(n³) up to 40 rows; beyond, O(k n²) with k directions, about a hundred where the
  ///   largest eigenvalues are close together, and at most n.
  public init(_ matrix: [Double], order: Int) {
    if order <= Self.directOrder {
      let all = SymmetricEigen(matrix, order: order)
      (value, vector) = (all.values.first ?? 0, all.vectors.first ?? [])
      return
    }
    precondition(matrix.count == order * order, "\(matrix.count) entries of order \(order)")
    var size = 0.0
    for entry in matrix { size = max(size, abs(entry)) }
    guard size > 0 else {
      (value, vector) = (0, [1] + [Double](repeating: 0, count: order - 1))
      return
    }
    // Entries of at most 1, so that no square leaves the range of numbers.
    let found = Self.search(Quads(matrix.map { $0 / size }, order), order)
    value = found.value * size
    vector = found.vector
  }

  private static func search(
    _ matrix: Quads, _ order: Int
  ) -> (value: Double, vector: [Double]) {
    var directions = [unit(matrix.times(generic(order)))]
    var diagonal: [Double] = []
    var offDiagonal: [Double] = []
    var next = directions[0]
    var checkpoint = 16
    while true {
      next = matrix.times(directions[directions.count - 1])
      diagonal.append(dot(next, directions[directions.count - 1]))
      for _ in 0..<2 {
        for direction in directions { subtract(dot(next, direction), direction, from: &next) }
      }
      let rest = dot(next, next).squareRoot()
      let count = directions.count
      // Below that all directions that the start has anything of are there.
      let isComplete = rest <= 1e-14 || count == order
      if isComplete || count == checkpoint {
        let pair = ritzPair(diagonal, offDiagonal)
        if isComplete || rest * abs(pair.vector[count - 1]) <= tolerance * pair.value {
          var vector = [Double](repeating: 0, count: order)
          for (weight, direction) in zip(pair.vector, directions) {
            subtract(-weight, direction, from: &vector)
          }
          return (pair.value, oriented(unit(vector)))
        }
        checkpoint = checkpoint * 3 / 2
      }
      offDiagonal.append(rest)
      directions.append(next.map { $0 / rest })
    }
  }

  /// The largest eigenpair of a tridiagonal matrix.
  private static func ritzPair(
    _ diagonal: [Double], _ offDiagonal: [Double]
  ) -> (value: Double, vector: [Double]) {
    let count = diagonal.count
    var matrix = [Double](repeating: 0, count: count * count)
    for i in 0..<count { matrix[i * count + i] = diagonal[i] }
    for (i, value) in offDiagonal.enumerated() {
      matrix[i * count + i + 1] = value
      matrix[(i + 1) * count + i] = value
    }
    let all = SymmetricEigen(matrix, order: count)
    return (all.values[0], all.vectors[0])
  }

  /// A vector without any regularity that a matrix could share: fractional parts of multiples of the
  /// golden ratio, less their mean.
  private static func generic(_ order: Int) -> [Double] {
    (1...order).map { i in
      let multiple = Double(i) * 0.618_033_988_749_894_9
      return multiple - multiple.rounded(.down) - 0.45
    }
  }

  private static func dot(_ x: [Double], _ y: [Double]) -> Double {
    zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
  }

  private static func subtract(_ factor: Double, _ x: [Double], from y: inout [Double]) {
    for i in x.indices { y[i] -= factor * x[i] }
  }

  private static func unit(_ vector: [Double]) -> [Double] {
    let norm = dot(vector, vector).squareRoot()
    return norm > 0 ? vector.map { $0 / norm } : vector
  }

  private static func oriented(_ vector: [Double]) -> [Double] {
    var leading = 0.0
    for value in vector where abs(value) > abs(leading) { leading = value }
    return leading < 0 ? vector.map { -$0 } : vector
  }
}

/// A square matrix with four columns side by side, for products with vectors.
private struct Quads {
  private let order: Int
  /// The columns but the last up to three: row by row, four at a time.
  private let quads: [SIMD4<Double>]
  /// The last columns, row by row.
  private let rest: [Double]

  init(_ matrix: [Double], _ order: Int) {
    self.order = order
    var quads: [SIMD4<Double>] = []
    quads.reserveCapacity(order * (order / 4))
    var rest: [Double] = []
    for row in 0..<order {
      let entries = matrix[row * order..<(row + 1) * order]
      Self.split(entries) {
        quads.append($0)
      } last: {
        rest.append($0)
      }
    }
    self.quads = quads
    self.rest = rest
  }

  private static func split(
    _ values: ArraySlice<Double>, quad: (SIMD4<Double>) -> Void, last: (Double) -> Void
  ) {
    var i = values.startIndex
    while i + 4 <= values.endIndex {
      quad(SIMD4(values[i], values[i + 1], values[i + 2], values[i + 3]))
      i += 4
    }
    while i < values.endIndex {
      last(values[i])
      i += 1
    }
  }

  /// Returns the product with a vector.
  ///
  /// Each entry is the sum of four partial sums over the columns 0, 4, …; 1, 5, …; 2, 6, … and 3, 7, …,
  /// because one is a chain of dependent additions; then the last columns are added.
  func times(_ vector: [Double]) -> [Double] {
    let width = order / 4
    var factors: [SIMD4<Double>] = []
    var lastFactors: [Double] = []
    Self.split(vector[...]) {
      factors.append($0)
    } last: {
      lastFactors.append($0)
    }
    var result: [Double] = []
    result.reserveCapacity(order)
    for first in stride(from: 0, to: order, by: 4) {
      // Four rows at once; those behind the end repeat the last one.
      let rows = (0..<4).map { min(first + $0, order - 1) }
      let (a, b, c, d) = (rows[0] * width, rows[1] * width, rows[2] * width, rows[3] * width)
      var sums = (
        SIMD4<Double>(), SIMD4<Double>(), SIMD4<Double>(), SIMD4<Double>()
      )
      for i in 0..<width {
        let factor = factors[i]
        sums.0 += quads[a + i] * factor
        sums.1 += quads[b + i] * factor
        sums.2 += quads[c + i] * factor
        sums.3 += quads[d + i] * factor
      }
      for (row, lanes) in zip(first..<order, [sums.0, sums.1, sums.2, sums.3]) {
        var sum = (lanes[0] + lanes[1]) + (lanes[2] + lanes[3])
        for (i, factor) in lastFactors.enumerated() {
          sum += rest[row * lastFactors.count + i] * factor
        }
        result.append(sum)
      }
    }
    return result
  }
}
