/// What the order of numbers says, with ties counted half.
///
/// Infinite values are ordered as numbers. A NaN is neither below, above nor equal to anything, so
/// its comparisons count 0.
public enum Ranks {
  /// Returns the share of `values` below `value`; `nil` for no values.
  ///
  /// - Complexity: O(n).
  public static func rank(of value: Double, among values: [Double]) -> Double? {
    guard !values.isEmpty else { return nil }
    var halves = 0
    for other in values {
      if other < value { halves += 2 } else if other == value { halves += 1 }
    }
    return Double(halves) / 2 / Double(values.count)
  }

  /// Returns the area under the ROC curve of scores that should be higher for `positives`.
  ///
  /// The share of pairs with the positive above the negative: the Mann-Whitney statistic divided by
  /// the number of pairs. It is a ratio of two whole numbers, so no order of summation matters.
  ///
  /// - Returns: `nil` where either kind is missing.
  /// - Complexity: O((p + q) log (p + q)).
  public static func area(positives: [Double], negatives: [Double]) -> Double? {
    guard !positives.isEmpty, !negatives.isEmpty else { return nil }
    let high = positives.filter { !$0.isNaN }.sorted()
    let low = negatives.filter { !$0.isNaN }.sorted()
    // Twice the wins plus the draws. `below` and `through` count the negatives below the positive
    // at hand, and those not above it.
    var halves = 0
    var below = 0
    var through = 0
    for value in high {
      while below < low.count, low[below] < value { below += 1 }
      through = max(through, below)
      while through < low.count, low[through] == value { through += 1 }
      halves += below + through
    }
    return Double(halves) / 2 / Double(positives.count * negatives.count)
  }

  /// Returns Spearman's rank correlation of two lists, with middle ranks for ties.
  ///
  /// Ranks are whole halves and are summed as whole numbers, so no order of summation matters; sums grow
  /// with the cube of the number of values.
  ///
  /// - Returns: -1...1; `nil` for fewer than two values, and where all of one list are equal.
  /// - Precondition: As many values in both, none of them NaN.
  /// - Complexity: O(n log n).
  public static func correlation(_ first: [Double], _ second: [Double]) -> Double? {
    precondition(first.count == second.count, "\(first.count) and \(second.count) values")
    let (a, b) = (offsets(first), offsets(second))
    var (product, squareA, squareB): (Int128, Int128, Int128) = (0, 0, 0)
    for index in a.indices {
      product += Int128(a[index] * b[index])
      squareA += Int128(a[index] * a[index])
      squareB += Int128(b[index] * b[index])
    }
    guard squareA > 0, squareB > 0 else { return nil }
    let ratio = Double(product) / (Double(squareA) * Double(squareB)).squareRoot()
    return min(1, max(-1, ratio))
  }

  /// Returns the rank of each value, 1 for the smallest, with middle ranks for ties.
  ///
  /// - Precondition: No value is NaN.
  /// - Complexity: O(n log n).
  public static func middleRanks(_ values: [Double]) -> [Double] {
    offsets(values).map { Double($0 + values.count + 1) / 2 }
  }

  /// Twice the difference of each middle rank from the mean rank.
  private static func offsets(_ values: [Double]) -> [Int] {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    var offsets = [Int](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      // Ranks start + 1 ... end; twice their middle is start + 1 + end.
      for place in start..<end { offsets[order[place]] = start + end - values.count }
      start = end
    }
    return offsets
  }
}
