import Results

/// A defense in one combination of axes, with the cells of each attack on it.
///
/// Axes of attacks' own parameters are left out: each of their values is one more variant of the
/// attack, met by the same defense.
struct DefenseColumn: Sendable {
  let defense: String
  let axes: [String: String]
  /// By attack, in the order of the grid; attacks without a cell here have no entry.
  private(set) var cells: [String: [CellID]] = [:]

  /// The columns of a grid: defense by defense, and for each in the order of the axes' values.
  ///
  /// - Complexity: O(cells).
  static func all(in grid: TrialGrid) -> [DefenseColumn] {
    struct Key: Hashable {
      var defense: String
      var axes: [String: String]
    }
    var places: [Key: Int] = [:]
    var columns: [DefenseColumn] = []
    for cell in grid.cells {
      let key = Key(defense: cell.defense, axes: cell.axes.withoutAttackParameters)
      let place = places[key] ?? columns.count
      if place == columns.count {
        places[key] = place
        columns.append(DefenseColumn(defense: key.defense, axes: key.axes))
      }
      columns[place].cells[cell.attack, default: []].append(cell)
    }
    let ranks = Dictionary(zip(grid.defenses, 0...)) { first, _ in first }
    return columns.sorted { lhs, rhs in
      let (left, right) = (ranks[lhs.defense] ?? 0, ranks[rhs.defense] ?? 0)
      return left != right ? left < right : TrialGrid.precedes(lhs.axes, rhs.axes)
    }
  }

  private init(defense: String, axes: [String: String]) {
    self.defense = defense
    self.axes = axes
  }
}
