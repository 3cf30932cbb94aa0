import Gating
import Results

extension Study {
  /// The metrics that some trial has a value of: in the order of the catalog, then others by name.
  ///
  /// - Complexity: O(trials x metrics).
  public var measuredMetrics: [String] {
    var measured: Set<String> = []
    for record in results.records where record.status == .ok {
      for (metric, value) in record.metrics where value != nil { measured.insert(metric) }
    }
    let known = facts.metrics.map(\.id).filter { measured.remove($0) != nil }
    return known + measured.sorted()
  }

  /// Returns the figures of every cell: row by row, in each row defense by defense, and for each
  /// metric.
  ///
  /// - Parameter metrics: Which ones, in their order; `nil` for all that were measured.
  /// - Returns: One figure per cell and metric, with or without a mean.
  /// - Complexity: O(trials x metrics).
  public func cellFigures(metrics: [String]? = nil) -> [CellFigure] {
    let metrics = (metrics ?? measuredMetrics).map { id in
      (id: id, better: facts.metric(id)?.better ?? Score.direction(of: id))
    }
    return grid.cells.flatMap { cell in
      let flags = self.flags(of: cell).filter(\.isRaised)
      let isImplied = grid.isImplied(cell)
      let counts = Dictionary(grid[cell].map { ($0.status, 1) }, uniquingKeysWith: +)
      return metrics.map { metric in
        let summary = summary(cell, metric.id)
        return CellFigure(
          cell: cell, metric: metric.id, better: metric.better, summary: summary,
          flags: flags.filter { CellFlag.concerns($0.id, metric: metric.id) },
          isImplied: isImplied, statusCounts: counts,
          reason: reason(cell, metric.id, summary.outcome))
      }
    }
  }
}

extension Score {
  /// What is good about a metric that tables show; ``Direction/none`` for any other.
  static func direction(of metric: String) -> Direction {
    shown.first { $0.metric == metric }?.better ?? .none
  }
}
