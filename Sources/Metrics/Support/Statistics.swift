/// Order statistics of figures, in `Double`.
enum Statistics {
  /// Returns the median, the mean of the two middle values for an even count; `nil` for no values.
  ///
  /// - Complexity: O(n log n).
  static func median(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2)
      ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }

  /// Returns the arithmetic mean, added in order; `nil` for no values.
  static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// Returns the share of `values` below `value`, with ties counted half; `nil` for no values.
  static func rank(of value: Double, among values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    return halvesBelow(value, values) / 2 / Double(values.count)
  }

  /// Returns the area under the ROC curve of scores that should be higher for `positives`.
  ///
  /// The share of pairs with the positive above the negative, ties counted half: the Mann-Whitney
  /// statistic with mid-ranks. Infinite scores are ordered as numbers.
  ///
  /// - Returns: `nil` where either kind is missing.
  /// - Complexity: O(f h) comparisons.
  static func area(positives: [Double], negatives: [Double]) -> Double? {
    guard !positives.isEmpty, !negatives.isEmpty else { return nil }
    let halves = positives.reduce(0) { $0 + halvesBelow($1, negatives) }
    return halves / 2 / Double(positives.count * negatives.count)
  }

  /// Returns twice the number of values below plus the number of equal ones; exact.
  private static func halvesBelow(_ value: Double, _ values: [Double]) -> Double {
    var halves = 0
    for other in values {
      if other < value { halves += 2 } else if other == value { halves += 1 }
    }
    return Double(halves)
  }
}
