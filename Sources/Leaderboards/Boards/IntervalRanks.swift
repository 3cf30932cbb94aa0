import Studies

/// Ranks of figures that have intervals, so that what seeds cannot tell apart shares a rank.
enum IntervalRanks {
  /// A figure, and with which others it is compared.
  struct Figure {
    var summary: CellSummary?
    /// Only figures of one group are ranked together.
    var group: String
  }

  /// The rank of each figure: 1 more than the number of figures of its group whose 95 % interval lies
  /// wholly on the better side of its own, and never worse than that of a figure with a worse mean.
  ///
  /// - Parameters:
  ///   - figures: One without a summary takes no part.
  ///   - better: What is better.
  /// - Returns: the ranks; `nil` without an interval, as one seed says nothing about another.
  /// - Complexity: O(n²).
  static func ranks(_ figures: [Figure], better: Score.Direction) -> [Int?] {
    let sign = better == .lower ? -1.0 : 1.0
    let values = figures.map { figure -> (mean: Double, low: Double, high: Double)? in
      guard let mean = figure.summary?.mean, let interval = figure.summary?.interval else {
        return nil
      }
      let ends = [sign * interval.lowerBound, sign * interval.upperBound]
      return (sign * mean, min(ends[0], ends[1]), max(ends[0], ends[1]))
    }
    func rivals(_ index: Int) -> [Int] {
      figures.indices.filter { figures[$0].group == figures[index].group && values[$0] != nil }
    }
    let counted = figures.indices.map { index -> Int? in
      guard let own = values[index] else { return nil }
      return 1 + rivals(index).count { values[$0].map { $0.low > own.high } ?? false }
    }
    return figures.indices.map { index in
      guard let own = values[index] else { return nil }
      return rivals(index).filter { values[$0].map { $0.mean <= own.mean } ?? false }
        .compactMap { counted[$0] }.min()
    }
  }
}
