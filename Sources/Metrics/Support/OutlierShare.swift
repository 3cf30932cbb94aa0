import Kernels
import Tensors

/// The share of a row's coordinates that lie more than three honest standard deviations from the
/// honest mean.
///
/// Deviations are of the population (divided by h), the comparison is strict, and where all honest
/// values are equal every other value is an outlier. Sums are taken in `Double` relative to the
/// first honest row, so a coordinate in which all agree has a deviation of exactly 0.
///
/// Source: the reasoning of Baruch et al., NeurIPS 2019.
enum OutlierShare {
  /// The columns whose sums are held at one time, in the nearest cache.
  private static let segmentSize = 1024

  /// Returns the share of each malicious row, measured against one or more honest ones.
  ///
  /// - Complexity: O(n d) time, O(1) memory besides the result.
  static func shares(
    _ rows: borrowing Matrix<Float>, of malicious: [Int], among honest: [Int]
  ) -> [Double] {
    let d = rows.columnCount
    guard d > 0 else { return [Double](repeating: 0, count: malicious.count) }
    let values = rows.span
    var counts = [Int](repeating: 0, count: malicious.count)
    for start in stride(from: 0, to: d, by: segmentSize) {
      let count = min(segmentSize, d - start)
      func range(_ row: Int) -> Range<Int> { row * d + start..<row * d + start + count }
      var segment = Segment(count: count)
      let origin = values.extracting(range(honest[0]))
      for row in honest.dropFirst() {
        segment.add(values.extracting(range(row)), origin: origin)
      }
      segment.finish(honestCount: Double(honest.count))
      for (place, row) in malicious.enumerated() {
        counts[place] += segment.outlierCount(
          values.extracting(range(row)), origin: origin, honestCount: Double(honest.count))
      }
    }
    return counts.map { Double($0) / Double(d) }
  }

  /// The sums of some columns over the honest rows, relative to the first of them.
  private struct Segment {
    private var sums: [Double]
    private var squares: [Double]

    init(count: Int) {
      sums = [Double](repeating: 0, count: count)
      squares = sums
    }

    mutating func add(_ values: Span<Float>, origin: Span<Float>) {
      Self.add(values, origin: origin, &sums, &squares)
    }

    private static func add(
      _ values: Span<Float>, origin: Span<Float>, _ sums: inout [Double], _ squares: inout [Double]
    ) {
      var sums = sums.mutableSpan
      var squares = squares.mutableSpan
      Vectors.addDifferences(values, from: origin, to: &sums, squares: &squares)
    }

    /// Turns `squares` into `9 h² σ²`, of which rounding below 0 is 0.
    mutating func finish(honestCount: Double) {
      for column in sums.indices {
        let sum = sums[column]
        let square = squares[column]
        squares[column] = max(0, 9 * (honestCount * square - sum * sum))
      }
    }

    /// Counts the columns with `(h x - Σ)² > 9 h² σ²`.
    func outlierCount(_ values: Span<Float>, origin: Span<Float>, honestCount: Double) -> Int {
      Vectors.countBeyond(
        values, from: origin, times: honestCount, sums: sums.span, limits: squares.span)
    }
  }
}
