import Tensors

/// The two-sample Kolmogorov-Smirnov statistic between the coordinates of a malicious row and the
/// pooled ones of the honest rows of its round.
///
/// The statistic, not its p-value: with d values in a sample any difference is significant.
/// Of long rows every s-th column counts, s = ⌈d / 512⌉, starting with the first: the sample is the
/// same for all rows and needs no random draws.
///
/// Source: the statistical tests of MESAS, Krauss and Dmitrienko, CCS 2023.
enum KolmogorovSmirnov {
  /// The most columns that count.
  static let sampleLimit = 512

  /// Returns the statistic of each malicious row, in 0...1.
  ///
  /// - Complexity: O(m log m) with m = honest rows × columns that count.
  static func statistics(
    _ rows: borrowing Matrix<Float>, of malicious: [Int], against honest: [Int]
  ) -> [Double] {
    let d = rows.columnCount
    let step = max(1, (d + sampleLimit - 1) / sampleLimit)
    let values = rows.values.span
    func sample(_ members: [Int]) -> [Float] {
      var sample: [Float] = []
      sample.reserveCapacity(members.count * (d / step + 1))
      for row in members {
        for column in stride(from: 0, to: d, by: step) { sample.append(values[row * d + column]) }
      }
      sample.sort()
      return sample
    }
    let pooled = sample(honest)
    return malicious.map { statistic(sample([$0]), pooled) }
  }

  /// Returns the largest gap between the empirical distribution functions of two sorted samples;
  /// 0 where either is empty.
  static func statistic(_ first: [Float], _ second: [Float]) -> Double {
    guard !first.isEmpty, !second.isEmpty else { return 0 }
    var i = 0
    var j = 0
    var largest = 0.0
    while i < first.count, j < second.count {
      let value = min(first[i], second[j])
      while i < first.count, first[i] == value { i += 1 }
      while j < second.count, second[j] == value { j += 1 }
      let gap = Double(i) / Double(first.count) - Double(j) / Double(second.count)
      largest = max(largest, abs(gap))
    }
    return largest
  }
}
