import Gating
import Results
import Statistics

extension Study {
  /// Returns what a round takes under each defense.
  ///
  /// - Parameter metric: Such as `cost.seconds`.
  /// - Returns: In the order of the grid; defenses without a value of the metric are left out.
  /// - Complexity: O(trials log trials).
  public func costs(_ metric: String) -> [RoundCost] {
    let cells = Dictionary(grouping: grid.cells, by: \.defense)
    return grid.defenses.compactMap { defense in
      let figures = (cells[defense] ?? []).compactMap { cell in
        Median.of(summary(cell, metric).values.map(\.value)).map { RoundCost.Figure(cell, $0) }
      }
      let clean = figures.filter { references.clean.contains($0.cell.attack) }
      let attacked = figures.filter { !references.clean.contains($0.cell.attack) }
      let judged = attacked.isEmpty ? clean : attacked
      guard var largest = judged.first, let median = Median.of(judged.map(\.value)) else {
        return nil
      }
      for figure in judged where figure.value > largest.value { largest = figure }
      return RoundCost(
        defense: defense, metric: metric, largest: largest, median: median,
        clean: clean.map(\.value).max())
    }
  }
}
