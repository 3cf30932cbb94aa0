/// The median of a few numbers.
public enum Median {
  /// Returns the middle value, or `(a + b) / 2` of the two middle values `a <= b` of an even count.
  ///
  /// *Edge cases*: `nil` for no values; infinite values are ordered as numbers.
  ///
  /// - Precondition: No value is NaN, which has no place in an order.
  /// - Complexity: O(n log n).
  public static func of(_ values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count.isMultiple(of: 2)
      ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
  }
}
