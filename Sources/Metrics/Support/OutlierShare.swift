import Tensors

/// The share of a row's coordinates that lie more than three honest standard deviations from the
/// honest mean.
///
/// Deviations are of the population (divided by h), the comparison is strict, and where all honest
/// values are equal every other value is an outlier. Sums are taken in `Double` relative to the
/// first honest row, so a coordinate in which all agree has a deviation of exactly 0.
///
/// Source: the reasoning of Baruch et al., NeurIPS 2019.
///
/// - Complexity: O(n d); two buffers of d values, kept.
struct OutlierShare {
  private var sums: [Double]
  private var squares: [Double]

  init(columnCount: Int) {
    sums = [Double](repeating: 0, count: columnCount)
    squares = sums
  }

  /// Returns the share of each malicious row, measured against one or more honest ones.
  mutating func shares(
    _ rows: borrowing Matrix<Float>, of malicious: [Int], among honest: [Int]
  ) -> [Double] {
    let d = rows.columnCount
    let values = rows.values.span
    let origin = values.extracting(rows.range(ofRow: honest[0]))
    clear()
    for row in honest.dropFirst() {
      Self.accumulate(
        values.extracting(rows.range(ofRow: row)), origin: origin, &sums, &squares)
    }
    finish(count: Double(honest.count))
    return malicious.map { row in
      let count = outlierCount(
        values.extracting(rows.range(ofRow: row)), origin: origin,
        honestCount: Double(honest.count))
      return d > 0 ? Double(count) / Double(d) : 0
    }
  }

  private mutating func clear() {
    for column in sums.indices {
      sums[column] = 0
      squares[column] = 0
    }
  }

  private static func accumulate(
    _ values: Span<Float>, origin: Span<Float>, _ sums: inout [Double], _ squares: inout [Double]
  ) {
    let count = sums.count
    precondition(values.count == count && origin.count == count && squares.count == count)
    var sums = sums.mutableSpan
    var squares = squares.mutableSpan
    for column in 0..<count {
      let shift = Double(values[column]) - Double(origin[column])
      sums[column] += shift
      squares[column] += shift * shift
    }
  }

  /// Turns `squares` into `9 h² σ²`, of which rounding below 0 is 0.
  private mutating func finish(count: Double) {
    for column in sums.indices {
      let sum = sums[column]
      let square = squares[column]
      squares[column] = max(0, 9 * (count * square - sum * sum))
    }
  }

  /// Counts the columns with `(h x - Σ)² > 9 h² σ²`.
  private func outlierCount(
    _ values: Span<Float>, origin: Span<Float>, honestCount: Double
  ) -> Int {
    let count = sums.count
    precondition(values.count == count && origin.count == count && squares.count == count)
    let sums = sums.span
    let squares = squares.span
    var outliers = 0
    for column in 0..<count {
      let gap = honestCount * (Double(values[column]) - Double(origin[column])) - sums[column]
      outliers &+= gap * gap > squares[column] ? 1 : 0
    }
    return outliers
  }
}
