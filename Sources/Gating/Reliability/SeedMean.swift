import Statistics

/// The mean over seeds with its 95 % interval.
struct SeedMean: Hashable, Sendable {
  var mean: Double
  /// `nil` for a single seed.
  var interval: ClosedRange<Double>?

  /// `nil` without values.
  init?(_ values: [Double]) {
    guard let mean = Moments.mean(values) else { return nil }
    self.mean = mean
    guard values.count > 1, let variance = Moments.sampleVariance(values) else { return }
    let t = StudentT.quantile(upperTail: 0.025, degrees: Double(values.count - 1))
    let half = t * (variance / Double(values.count)).squareRoot()
    guard half.isFinite, mean.isFinite else { return }
    interval = (mean - half)...(mean + half)
  }

  /// Such as `0.103 [0.099, 0.107]`.
  var text: String {
    guard let interval else { return Self.text(mean) }
    return
      "\(Self.text(mean)) [\(Self.text(interval.lowerBound)), \(Self.text(interval.upperBound))]"
  }

  /// What rounding leaves of differences of counts is zero.
  private static func text(_ value: Double) -> String {
    Figure.text(value.magnitude < 1e-12 ? 0 : value)
  }
}
