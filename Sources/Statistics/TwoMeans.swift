/// The split of numbers into a low and a high group with the least inertia: 2-means in one
/// dimension, exactly.
///
/// Every split between two different values of the sorted numbers is tried, so there is no start to
/// draw and no local minimum; equal values stay together. Of equally good splits the one with the
/// fewest low values counts.
///
/// *Determinism*: `low · high · (mean of high - mean of low)²` is compared, where a mean comes from
/// ascending sums of the distances to the least value.
public struct TwoMeans: Sendable, Equatable {
  /// Whether each number is in the high group, in the order given.
  public let isHigh: [Bool]
  /// The number of values in the low group, at least one.
  public let lowCount: Int
  public let lowMean: Double
  public let highMean: Double

  /// Splits numbers; `nil` where fewer than two of them differ.
  ///
  /// - Precondition: All values are finite, and so is the squared distance of any two.
  /// - Complexity: O(n log n).
  public init?(_ values: [Double]) {
    precondition(values.allSatisfy(\.isFinite), "values to split have to be finite")
    let sorted = values.sorted()
    guard let best = Self.best(sorted) else { return nil }
    let threshold = sorted[best.count]
    isHigh = values.map { $0 >= threshold }
    lowCount = best.count
    lowMean = best.low
    highMean = best.high
  }

  /// Returns the mean of the high group less that of the low one; 0 where all values are equal.
  ///
  /// - Precondition: As above, and the values ascend.
  public static func gap(ofAscending values: [Double]) -> Double {
    best(values).map { $0.high - $0.low } ?? 0
  }

  /// The best split of ascending values: how many are low, and both means.
  private static func best(_ sorted: [Double]) -> (count: Int, low: Double, high: Double)? {
    guard let least = sorted.first, let largest = sorted.last, least < largest else { return nil }
    var total = 0.0
    for value in sorted { total += value - least }
    var best = (count: 0, gain: -1.0, low: 0.0, high: 0.0)
    var sum = 0.0
    for count in 1..<sorted.count {
      sum += sorted[count - 1] - least
      guard sorted[count - 1] < sorted[count] else { continue }
      let lowMean = sum / Double(count)
      let highMean = (total - sum) / Double(sorted.count - count)
      let gap = highMean - lowMean
      let gain = Double(count) * Double(sorted.count - count) * gap * gap
      if gain > best.gain { best = (count, gain, lowMean, highMean) }
    }
    return (best.count, least + best.low, least + best.high)
  }
}
