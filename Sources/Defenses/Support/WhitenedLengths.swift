import Statistics

/// The lengths of feature vectors when all features vary alike and independently: √(x′ Σ⁻¹ x) with
/// the covariance Σ of the features over the rows.
///
/// The vectors are not centered. Features are divided by their deviation first, which changes no
/// length. Where the covariance is singular its pseudo-inverse takes the place of Σ⁻¹: a feature that
/// does not vary does not count, nor does a combination of features whose variance is below 1e-10 of
/// the largest one. Of rows that do not differ all lengths are 0.
struct WhitenedLengths: Sendable {
  /// A number per row, and a deviation that is only rounding.
  struct Feature: Sendable {
    var values: [Double]
    var floor: Double
  }

  /// The length of each row, not negative.
  let values: [Double]
  /// The number of independent combinations that vary.
  let rank: Int

  private static let threshold = 1e-10
  private static let relativeFloor = 1e-12

  /// - Parameters:
  ///   - features: At least one, each with a value for every row.
  ///   - rowCount: The number of rows.
  init(_ features: [Feature], rowCount: Int) {
    let varying = features.compactMap(Self.standardized)
    let k = varying.count
    var correlation = [Double](repeating: 0, count: k * k)
    for i in 0..<k {
      for j in 0..<k {
        correlation[i * k + j] =
          zip(varying[i].centered, varying[j].centered).reduce(0) { $0 + $1.0 * $1.1 }
          / Double(rowCount - 1)
      }
    }
    let eigen = SymmetricEigen(correlation, order: k)
    let kept = eigen.values.indices.filter {
      eigen.values[$0] > Self.threshold * (eigen.values.first ?? 0)
    }
    rank = kept.count
    values = (0..<rowCount).map { row in
      kept.reduce(0) { sum, place in
        let projection = (0..<k).reduce(0) {
          $0 + eigen.vectors[place][$1] * varying[$1].scaled[row]
        }
        return sum + projection * projection / eigen.values[place]
      }.squareRoot()
    }
  }

  /// A feature in units of its deviation, as it is and less its mean; `nil` if it does not vary.
  private static func standardized(
    _ feature: Feature
  ) -> (scaled: [Double], centered: [Double])? {
    let values = feature.values
    let size = values.reduce(0) { max($0, abs($1)) }
    guard values.count > 1, size > 0, let mean = Moments.mean(values.map { $0 / size }) else {
      return nil
    }
    let gaps = values.map { $0 / size - mean }
    let deviation =
      (gaps.reduce(0) { $0 + $1 * $1 } / Double(values.count - 1)).squareRoot()
    guard deviation > relativeFloor, deviation * size > feature.floor else { return nil }
    return (values.map { $0 / size / deviation }, gaps.map { $0 / deviation })
  }
}
