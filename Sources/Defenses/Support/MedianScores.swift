import Statistics

/// How far each of some numbers lies from their median, in deviations.
///
/// 0 for what equals the median, whatever the deviation; at most ``medianScoreLimit``, which is also
/// the score of everything else where the deviation is 0.
///
/// - Parameters:
///   - values: The numbers, finite.
///   - isRobust: Divides by the median distance from the median, which for normal numbers is
///     0.6745 standard deviations, instead of by the population standard deviation.
/// - Returns: One score per number.
/// - Complexity: O(n log n).
func medianScores(_ values: [Double], isRobust: Bool = false) -> [Double] {
  guard let median = Statistics.Median.of(values) else { return [] }
  let gaps = values.map { abs($0 - median) }
  let deviation =
    isRobust
    ? (Statistics.Median.of(gaps) ?? 0) / 0.6745
    : (Moments.populationVariance(values) ?? 0).squareRoot()
  return gaps.map { gap in
    gap == 0 ? 0 : deviation > 0 ? min(gap / deviation, medianScoreLimit) : medianScoreLimit
  }
}

/// The largest score, so that means of scores stay numbers.
let medianScoreLimit = 1e9

/// Whether a score is within a bound; two numbers have the score 1 but for rounding, both or neither.
func isWithin(_ score: Double, _ bound: Double) -> Bool { score <= bound * (1 + 1e-9) }
