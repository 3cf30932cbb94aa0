import Results

/// The cells in which nobody attacks, found by defense and axes.
struct TwinIndex: Sendable {
  private struct Key: Hashable {
    var defense: String
    var axes: [String: String]
  }

  /// The first in the order of the grid, by the axes that it has.
  private var cells: [Key: CellID] = [:]
  /// All of a defense, those with the most axes first.
  private var byDefense: [String: [CellID]] = [:]

  /// - Complexity: O(cells).
  init(_ grid: TrialGrid, clean: Set<String>) {
    for row in grid.rows where clean.contains(row.attack) {
      for cell in grid.cells(of: row) where !grid[cell].isEmpty {
        let key = Key(defense: cell.defense, axes: cell.axes)
        guard cells[key] == nil else { continue }
        cells[key] = cell
        byDefense[cell.defense, default: []].append(cell)
      }
    }
    for (defense, found) in byDefense {
      byDefense[defense] = found.enumerated().sorted {
        ($1.element.axes.count, $0.offset) < ($0.element.axes.count, $1.offset)
      }.map(\.element)
    }
  }

  /// The cell of the same defense whose axes are the largest part of those of another cell.
  ///
  /// - Complexity: O(1) where the axes are the same, but for those of attacks' own parameters; else
  ///   O(cells without an attack under the defense).
  func twin(of cell: CellID) -> CellID? {
    for axes in [cell.axes, cell.axes.withoutAttackParameters] {
      if let found = cells[Key(defense: cell.defense, axes: axes)] { return found }
    }
    return byDefense[cell.defense]?.first { other in
      other.axes.allSatisfy { cell.axes[$0.key] == $0.value }
    }
  }
}

extension [String: String] {
  /// Axes without those of attacks' own parameters, each value of which is an attack of its own.
  var withoutAttackParameters: Self { filter { !$0.key.hasPrefix("attacks.") } }
}
