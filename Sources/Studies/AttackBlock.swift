import Results

/// One attack in one combination of axes, with the cells of all defenses that meet it.
///
/// Axes of defenses' own parameters are left out: each of their values is one more defense that meets
/// the same attack.
struct AttackBlock: Sendable {
  let attack: String
  let axes: [String: String]
  /// In the order of the grid: defense by defense, and their settings in the order of the values.
  private(set) var cells: [CellID] = []

  /// The blocks of some attacks in the order of the grid's rows.
  ///
  /// - Complexity: O(cells).
  static func all(in grid: TrialGrid, of attacks: Set<String>) -> [AttackBlock] {
    var places: [TrialGrid.Row: Int] = [:]
    var blocks: [AttackBlock] = []
    for row in grid.rows where attacks.contains(row.attack) {
      let key = TrialGrid.Row(attack: row.attack, axes: row.axes.withoutDefenseParameters)
      let place = places[key] ?? blocks.count
      if place == blocks.count {
        places[key] = place
        blocks.append(AttackBlock(attack: key.attack, axes: key.axes))
      }
      blocks[place].cells += grid.cells(of: row)
    }
    return blocks
  }

  private init(attack: String, axes: [String: String]) {
    self.attack = attack
    self.axes = axes
  }
}

extension [String: String] {
  /// Axes without those of defenses' own parameters.
  var withoutDefenseParameters: Self { filter { !$0.key.hasPrefix("defenses.") } }
  /// The axes of defenses' own parameters.
  var defenseParameters: Self { filter { $0.key.hasPrefix("defenses.") } }
}
