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
    guard let least = sorted.first, let largest = sorted.last, least < largest else { return nil }
    let total = sorted.reduce(0) { $0 + ($1 - least) }
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
    let threshold = sorted[best.count]
    isHigh = values.map { $0 >= threshold }
    lowCount = best.count
    lowMean = least + best.low
    highMean = least + best.high
  }
}
