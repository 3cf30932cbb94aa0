public import Results
import Statistics
public import Studies

/// A worst case that was run with seeds that its entry does not have.
///
/// Whoever sends an entry in chooses its seeds, and may have tried others before. Trials that agree to
/// the bit do not tell; other seeds do.
public struct OtherSeeds: Hashable, Sendable {
  public var cell: CellID
  /// The accuracy of the entry's seeds and of the others.
  public var stated: Double
  public var found: Double
  /// Where the mean over the other seeds lies in 95 of 100 cases, by what the entry's seeds show;
  /// `nil` for an entry of one seed.
  public var expected: ClosedRange<Double>?

  /// Whether the defense keeps less than the entry's seeds let expect.
  public var isBelow: Bool { expected.map { found < $0.lowerBound } ?? false }

  /// - Parameters:
  ///   - worst: The worst case of a row.
  ///   - values: The accuracy of each other seed; `nil` comes out without any.
  public init?(_ worst: WorstCase.Extreme, values: [Double]) {
    let own = worst.summary.values.map(\.value)
    guard !values.isEmpty, let mean = worst.summary.mean else { return nil }
    cell = worst.cell
    stated = mean
    found = values.reduce(0, +) / Double(values.count)
    expected = Self.interval(own, count: values.count)
  }

  /// The 95 % prediction interval of a mean over `count` further values.
  private static func interval(_ values: [Double], count: Int) -> ClosedRange<Double>? {
    guard values.count > 1 else { return nil }
    let n = Double(values.count)
    let mean = values.reduce(0, +) / n
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)
    let t = StudentT.quantile(upperTail: 0.025, degrees: n - 1)
    let half = t * (variance * (1 / n + 1 / Double(count))).squareRoot()
    return (mean - half)...(mean + half)
  }
}

extension EntryCheck {
  /// The worst case over all attacks of each row that the entry makes, with the metric that it is
  /// about.
  public var worstCases: [(worst: WorstCase.Extreme, metric: String)] {
    BoardRow.all(self).compactMap { row in
      row.worst(nil).flatMap { worst in worst.accuracy.map { ($0, worst.accuracyMetric) } }
    }
  }
}
