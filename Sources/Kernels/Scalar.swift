public import Determinism

/// A type that matrices and the rules over them are made of: `Float` or `Double`.
///
/// Rules are written once, over any scalar, and reach these kernels through the conformance; each is
/// compiled for its concrete type. A matrix is row-major with one client per row.
///
/// *Reductions* widen each value to `Double` before anything else. The elements are cut into blocks
/// of 1024; in a block, element i goes to lane i mod 8, ascending from +0, products fused; the lanes
/// are added as `((l0+l4)+(l2+l6)) + ((l1+l5)+(l3+l7))`; block sums are added ascending from +0.
///
/// *Columns*: each output depends on its column alone, rows ascending, in `Double`, and is rounded
/// once. How the work is split depends on the sizes alone, so no result depends on the pool.
///
/// Extra memory is O(rows × 16) per running piece, plus what a comment states.
public protocol Scalar: SIMDScalar, BinaryFloatingPoint, BitwiseCopyable, Codable, Sendable {
  /// Returns `count` zeros.
  static func zeros(_ count: Int) -> [Self]

  /// Appends `count` zeros.
  static func appendZeros(_ count: Int, to values: inout [Self])

  /// Returns the values as an array.
  static func copied(_ values: Span<Self>) -> [Self]

  /// Returns `Σ x[i] × y[i]`.
  ///
  /// - Precondition: `x.count == y.count`
  static func dot(_ x: Span<Self>, _ y: Span<Self>) -> Double

  /// Returns `Σ x[i]`.
  static func sum(_ x: Span<Self>) -> Double

  /// Returns `Σ x[i]²`.
  static func squaredNorm(_ x: Span<Self>) -> Double

  /// Returns `Σ (x[i] − y[i])²`, each difference taken in `Double`.
  ///
  /// - Precondition: `x.count == y.count`
  static func squaredDistance(_ x: Span<Self>, _ y: Span<Self>) -> Double

  /// Returns whether no value is NaN or infinite; true for none.
  static func allFinite(_ x: Span<Self>) -> Bool

  /// Adds `factor × x[i]` to each `y[i]`: fused in `Double`, rounded once.
  ///
  /// - Precondition: `x.count == y.count`
  static func axpy(_ factor: Double, _ x: Span<Self>, into y: inout MutableSpan<Self>)

  /// Multiplies each value by `factor` in `Double`, rounded once.
  static func scale(_ x: inout MutableSpan<Self>, by factor: Double)

  /// Writes all squared distances between rows.
  ///
  /// `Double` rows get the bits of `squaredDistance`. `Float` rows are subtracted, squared and added
  /// in `Float`, over blocks of 512 columns: element i goes to lane i mod 8, ascending from +0,
  /// squares fused. The lanes of eight blocks are widened and added in `Double`, ascending from +0,
  /// then to one another as in the reductions; these sums over 4096 columns are added ascending from
  /// +0. The result is within 4 × 10⁻⁶ of the true one, relative to it, however close the rows are
  /// to each other; some 10⁻⁷ is usual.
  ///
  /// *Edge cases*: equal rows have distance 0. Where squares leave the range of `Float` (the sum is
  /// not finite, or below `columnCount` × 2⁻¹²⁶) the pair gets the bits of `squaredDistance`.
  ///
  /// - Parameters:
  ///   - matrix: `rowCount × columnCount`.
  ///   - rowCount: The number of rows.
  ///   - columnCount: The number of columns; 0 gives zeros.
  ///   - pool: What runs the pieces.
  ///   - distances: `rowCount × rowCount`, symmetric with a zero diagonal afterwards.
  /// - Precondition: The spans hold exactly as many values.
  /// - Complexity: O(`rowCount`² × `columnCount`); the matrix is read from memory about once, and
  ///   once more for pairs that are measured again, which take O(`rowCount`²) extra memory.
  static func pairwiseSquaredDistances(
    _ matrix: Span<Self>, rowCount: Int, columnCount: Int, pool: WorkPool,
    into distances: inout MutableSpan<Double>)

  /// Writes `Σ_i weights[i] × matrix[i, j]` for each column j, as a fused chain from +0.
  ///
  /// A row whose weight is exactly 0 is skipped, whatever it holds.
  ///
  /// - Precondition: The spans hold exactly as many values; one weight per row.
  /// - Complexity: O(`rowCount` × `columnCount`).
  static func linearCombination(
    _ matrix: Span<Self>, rowCount: Int, columnCount: Int, weights: Span<Double>, pool: WorkPool,
    into combination: inout MutableSpan<Self>)

  /// Writes several linear combinations of the rows, each with the bits of `linearCombination`.
  ///
  /// A row whose weight is exactly 0 adds nothing, whatever it holds. Where all values are finite, 0
  /// or at least 2⁻¹⁴⁹, and all weights 0 or at least 2⁻⁸⁰⁰, the product is taken all the same: no
  /// sum is −0 then, so that fma(0, x, s) = s. Combinations of the same weights are computed once.
  ///
  /// - Parameters:
  ///   - matrix: `rowCount × columnCount`.
  ///   - rowCount: The number of rows; 0 gives zeros.
  ///   - columnCount: The number of columns.
  ///   - weights: `combinationCount × rowCount`, row-major.
  ///   - combinationCount: The number of combinations.
  ///   - pool: What runs the pieces.
  ///   - combinations: `combinationCount × columnCount`, overwritten.
  /// - Precondition: The spans hold exactly as many values.
  /// - Complexity: O(`combinationCount` × `rowCount` × `columnCount`); the matrix is read from memory
  ///   once. O(`rowCount` × 64) extra memory per running piece.
  static func linearCombinations(
    _ matrix: Span<Self>, rowCount: Int, columnCount: Int, weights: Span<Double>,
    combinationCount: Int, pool: WorkPool, into combinations: inout MutableSpan<Self>)

  /// Writes the mean of each column: the sum from +0, then one division.
  ///
  /// - Precondition: `rowCount >= 1`; the spans hold exactly as many values.
  /// - Complexity: O(`rowCount` × `columnCount`).
  static func mean(
    _ matrix: Span<Self>, rowCount: Int, columnCount: Int, pool: WorkPool,
    into mean: inout MutableSpan<Self>)

  /// Writes mean and population standard deviation of each column.
  ///
  /// The deviation is √(Σ (x − m)² / n) with the unrounded mean m, squares added in a fused chain.
  ///
  /// - Precondition: `rowCount >= 1`; the spans hold exactly as many values.
  /// - Complexity: O(`rowCount` × `columnCount`).
  static func columnMeanAndDeviation(
    _ matrix: Span<Self>, rowCount: Int, columnCount: Int, pool: WorkPool,
    mean: inout MutableSpan<Self>, deviation: inout MutableSpan<Self>)

  /// Writes the median of each column; for an even number of rows half the sum of the middle two.
  ///
  /// −0 is read as +0.
  ///
  /// - Precondition: `rowCount >= 1`; the spans hold exactly as many values; all are finite (not
  ///   checked: another value gives a meaningless median of its column).
  /// - Complexity: O(`rowCount` log² `rowCount` × `columnCount`).
  static func columnMedian(
    _ matrix: Span<Self>, rowCount: Int, columnCount: Int, pool: WorkPool,
    into median: inout MutableSpan<Self>)

  /// Writes the mean of each column without its `trimCount` lowest and highest values.
  ///
  /// What stays is added in ascending order of value from +0 and divided once. −0 is read as +0.
  ///
  /// - Precondition: `trimCount >= 0` and `rowCount > 2 × trimCount`; the spans hold exactly as many
  ///   values; all are finite (not checked, as for the median).
  /// - Complexity: O(`rowCount` log² `rowCount` × `columnCount`).
  static func columnTrimmedMean(
    _ matrix: Span<Self>, rowCount: Int, columnCount: Int, trimCount: Int, pool: WorkPool,
    into mean: inout MutableSpan<Self>)

  /// Writes the mean of each column without its `trimCount` lowest and highest values, and the share
  /// of all that is kept which comes from each row.
  ///
  /// The means have the bits of the form without shares, and of the median for the largest
  /// `trimCount`. In a column a row counts 1 where its value is kept and 0 where it is dropped; equal
  /// values share what is kept of them equally. A row's share is its sum over columns, divided by
  /// what a column keeps and by their number; no columns give equal shares.
  ///
  /// - Precondition: As for the form without shares; one share per row.
  /// - Complexity: O(`rowCount` log² `rowCount` × `columnCount`), O(`rowCount` × `columnCount` /
  ///   4096) extra memory.
  static func columnTrimmedMean(
    _ matrix: Span<Self>, rowCount: Int, columnCount: Int, trimCount: Int, pool: WorkPool,
    into mean: inout MutableSpan<Self>, shares: inout MutableSpan<Double>)
}

// Written for each type: as generic code they would go element by element.

extension Float: Scalar {
  public static func zeros(_ count: Int) -> [Float] { [Float](repeating: 0, count: count) }

  public static func appendZeros(_ count: Int, to values: inout [Float]) {
    values.append(contentsOf: repeatElement(0, count: count))
  }

  public static func copied(_ values: Span<Float>) -> [Float] {
    unsafe values.withUnsafeBufferPointer { unsafe [Float]($0) }
  }
}

extension Double: Scalar {
  public static func zeros(_ count: Int) -> [Double] { [Double](repeating: 0, count: count) }

  public static func appendZeros(_ count: Int, to values: inout [Double]) {
    values.append(contentsOf: repeatElement(0, count: count))
  }

  public static func copied(_ values: Span<Double>) -> [Double] {
    unsafe values.withUnsafeBufferPointer { unsafe [Double]($0) }
  }
}

/// Refuses sizes that do not fit together.
func checkMatrix(
  _ name: StaticString, _ count: Int, rowCount: Int, columnCount: Int, outputCount: Int
) {
  precondition(
    rowCount >= 0 && columnCount >= 0 && count == rowCount * columnCount
      && outputCount == columnCount,
    "\(name): \(rowCount) × \(columnCount) with \(count) values and \(outputCount) outputs")
}
