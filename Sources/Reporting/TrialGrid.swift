import Results

/// The trials of one combination of axes, by attack and defense.
struct TrialGrid: Sendable {
  struct Cell: Hashable, Sendable {
    var attack: String
    var defense: String
  }

  /// Matrix axes, sorted by key; empty without a matrix.
  var axes: [(key: String, value: String)]
  var attacks: [String]
  var defenses: [String]
  /// One trial per seed, in the order of the seeds.
  private var trials: [Cell: [TrialRecordV1]]

  /// Splits the trials into one grid per combination of axes, in the order of the axes' values.
  ///
  /// Implied trials are left out; of several trials of a cell with one seed the last one counts.
  /// Rows and columns follow the given orders, then first appearance.
  static func grids(
    of records: [TrialRecordV1], attackOrder: [String], defenseOrder: [String]
  ) -> [TrialGrid] {
    let shown = records.filter { !$0.isImplied }
    return Dictionary(grouping: shown, by: \.axes)
      .map { axes, members in
        TrialGrid(axes, members, attackOrder: attackOrder, defenseOrder: defenseOrder)
      }
      .sorted { precedes($0.axes, $1.axes) }
  }

  private init(
    _ axes: [String: String], _ records: [TrialRecordV1], attackOrder: [String],
    defenseOrder: [String]
  ) {
    self.axes = axes.sorted { $0.key < $1.key }
    attacks = Self.ordered(records.map(\.attack), first: attackOrder)
    defenses = Self.ordered(records.map(\.defense), first: defenseOrder)
    trials = Dictionary(grouping: records) { Cell(attack: $0.attack, defense: $0.defense) }
      .mapValues { members in
        Dictionary(members.map { ($0.seed, $0) }) { _, last in last }.values
          .sorted { $0.seed < $1.seed }
      }
  }

  /// Every pair, row by row, whether it has trials or not.
  var cells: [Cell] {
    attacks.flatMap { attack in defenses.map { Cell(attack: attack, defense: $0) } }
  }

  subscript(cell: Cell) -> [TrialRecordV1] { trials[cell] ?? [] }

  private static func ordered(_ names: [String], first: [String]) -> [String] {
    let present = Set(names)
    var seen: Set<String> = []
    return (first.filter(present.contains) + names).filter { seen.insert($0).inserted }
  }

  /// Numbers go by value, other texts by their characters, missing axes first.
  private static func precedes(
    _ lhs: [(key: String, value: String)], _ rhs: [(key: String, value: String)]
  ) -> Bool {
    for (left, right) in zip(lhs, rhs) {
      if left.key != right.key { return left.key < right.key }
      if left.value == right.value { continue }
      if let x = Double(left.value), let y = Double(right.value), x != y { return x < y }
      return left.value < right.value
    }
    return lhs.count < rhs.count
  }
}
