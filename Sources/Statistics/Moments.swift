/// Means and variances, each sum taken in the order of the values.
///
/// NaN and infinite values pass into the result.
public enum Moments {
  /// Returns the arithmetic mean; `nil` for no values.
  public static func mean(_ values: [Double]) -> Double? {
    values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
  }

  /// Returns `Σ (x - mean)² / n`, the variance of a whole population; `nil` for no values.
  ///
  /// The mean is taken first, so equal values of any size have a variance close to 0.
  public static func populationVariance(_ values: [Double]) -> Double? {
    mean(values).map { squaredDeviations(of: values, from: $0) / Double(values.count) }
  }

  /// Returns `Σ (x - mean)² / (n - 1)`, the unbiased variance of a sample; `nil` for fewer than two
  /// values.
  public static func sampleVariance(_ values: [Double]) -> Double? {
    guard values.count > 1, let mean = mean(values) else { return nil }
    return squaredDeviations(of: values, from: mean) / Double(values.count - 1)
  }

  private static func squaredDeviations(of values: [Double], from mean: Double) -> Double {
    values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  }
}
