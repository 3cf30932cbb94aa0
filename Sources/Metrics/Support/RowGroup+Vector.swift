import Kernels
import Tensors

extension RowGroup {
  /// The columns whose sums are held at one time.
  private static let segmentSize = 1024

  /// Creates the group from the vector of its sum, for rounds whose pairs are too many.
  ///
  /// The sum is taken in `Double` over the members in order, and a member is subtracted from it
  /// column by column, so relative errors are of the order 1e-16 times the ratio of the largest
  /// coordinate to those of the sum without it. Inner products add those of segments of 1,024
  /// columns in order. Equal rows get bit-equal figures.
  ///
  /// - Parameters:
  ///   - members: Two or more rows, ascending.
  ///   - rows: n × d, finite.
  ///   - squaredNorms: Those of all rows.
  /// - Complexity: O(n d) time, O(n) memory.
  init(_ members: [Int], of rows: borrowing Matrix<Float>, squaredNorms: [Double]) {
    let d = rows.columnCount
    let values = rows.span
    let memberCount = Double(members.count)
    var isMember = [Bool](repeating: false, count: rows.rowCount)
    for row in members { isMember[row] = true }
    let squaredNormSum = members.reduce(0) { $0 + squaredNorms[$1] }
    var terms = (0..<rows.rowCount).map { row in
      Terms(
        squaredNorm: squaredNorms[row], product: 0, squaredSum: 0,
        squaredNormSum: isMember[row] ? squaredNormSum - squaredNorms[row] : squaredNormSum,
        distance: 0)
    }
    for start in stride(from: 0, to: d, by: Self.segmentSize) {
      var segment = Segment(count: min(Self.segmentSize, d - start))
      func range(_ row: Int) -> Range<Int> { row * d + start..<row * d + start + segment.count }
      for row in members { segment.add(values.extracting(range(row))) }
      for row in 0..<rows.rowCount {
        segment.compare(
          values.extracting(range(row)), isMember: isMember[row], memberCount: memberCount,
          &terms[row])
      }
    }
    for row in terms.indices {
      terms[row].distance = terms[row].distance.squareRoot() / memberCount
    }
    self.init(terms, isMember: isMember, memberCount: members.count)
  }

  /// Some columns of the sum, with room for those of one row.
  private struct Segment {
    let count: Int
    private var sum: [Double]
    private var wide: [Double]
    private var other: [Double]

    init(count: Int) {
      self.count = count
      sum = [Double](repeating: 0, count: count)
      wide = sum
      other = sum
    }

    mutating func add(_ row: Span<Float>) {
      Self.add(row, to: &sum)
    }

    /// Adds these columns to the terms of a row, to its distance the square of `h` times it.
    mutating func compare(
      _ row: Span<Float>, isMember: Bool, memberCount: Double, _ terms: inout Terms
    ) {
      Self.subtract(row, times: isMember ? 1 : 0, from: sum, into: &other)
      Self.widen(row, into: &wide)
      terms.product += Double.dot(wide.span, other.span)
      terms.squaredSum += Double.squaredNorm(other.span)
      // h x is exact for a `Float` x, so a row equal to all members is at a distance of 0.
      Self.subtract(row, times: memberCount, from: sum, into: &other)
      terms.distance += Double.squaredNorm(other.span)
    }

    private static func add(_ row: Span<Float>, to sum: inout [Double]) {
      let count = sum.count
      precondition(row.count == count)
      var sum = sum.mutableSpan
      for column in 0..<count { sum[column] += Double(row[column]) }
    }

    private static func widen(_ row: Span<Float>, into wide: inout [Double]) {
      let count = wide.count
      precondition(row.count == count)
      var wide = wide.mutableSpan
      for column in 0..<count { wide[column] = Double(row[column]) }
    }

    private static func subtract(
      _ row: Span<Float>, times factor: Double, from sum: [Double], into other: inout [Double]
    ) {
      let count = sum.count
      precondition(row.count == count && other.count == count)
      let sum = sum.span
      var other = other.mutableSpan
      for column in 0..<count { other[column] = sum[column] - factor * Double(row[column]) }
    }
  }
}
