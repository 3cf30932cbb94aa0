import Tensors

/// The two-sample Kolmogorov-Smirnov statistic between the coordinates of a malicious row and the
/// pooled ones of the honest rows of its round.
///
/// The statistic, not its p-value: with d values in a sample any difference is significant.
/// Of long rows every s-th column counts, s = ⌈d / 512⌉, starting with the first: the sample is the
/// same for all rows and needs no random draws. The caller chooses the honest rows, see ``RowSample``.
///
/// Source: the statistical tests of MESAS, Krauss and Dmitrienko, CCS 2023.
enum KolmogorovSmirnov {
  /// The most columns that count.
  static let sampleLimit = 512

  /// Returns the statistic of each malicious row, in 0...1.
  ///
  /// - Complexity: O(m + f c log m) with f malicious rows, c columns that count and
  ///   m = c × honest rows.
  static func statistics(
    _ rows: borrowing Matrix<Float>, of malicious: [Int], against honest: [Int]
  ) -> [Double] {
    let d = rows.columnCount
    let step = max(1, (d + sampleLimit - 1) / sampleLimit)
    let values = rows.span
    func sample(_ members: [Int]) -> [Float] {
      var sample: [Float] = []
      sample.reserveCapacity(members.count * (d / step + 1))
      for row in members {
        for column in stride(from: 0, to: d, by: step) { sample.append(values[row * d + column]) }
      }
      return RadixSort.ascending(sample)
    }
    let pooled = sample(honest)
    return malicious.map { statistic(sample([$0]), pooled) }
  }

  /// Returns the largest gap between the empirical distribution functions of two sorted samples;
  /// 0 where either is empty.
  ///
  /// Between neighboring values of `first` its own function is constant and the other one rises, so
  /// the gap is largest next to a value of `first`.
  ///
  /// - Complexity: O(a log b) for a values in `first` and b in `second`.
  static func statistic(_ first: [Float], _ second: [Float]) -> Double {
    guard !first.isEmpty, !second.isEmpty else { return 0 }
    var largest = 0.0
    var i = 0
    var j = 0
    func update() {
      let gap = Double(i) / Double(first.count) - Double(j) / Double(second.count)
      largest = max(largest, abs(gap))
    }
    while i < first.count {
      let value = first[i]
      j = position(in: second, from: j) { $0 >= value }
      update()
      while i < first.count, first[i] == value { i += 1 }
      j = position(in: second, from: j) { $0 > value }
      update()
    }
    return largest
  }

  /// Returns the first position from `start` on whose value fits, for values that fit from some
  /// position on.
  private static func position(
    in sorted: [Float], from start: Int, where fits: (Float) -> Bool
  ) -> Int {
    var low = start
    var high = sorted.count
    while low < high {
      let middle = low + (high - low) / 2
      if fits(sorted[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
