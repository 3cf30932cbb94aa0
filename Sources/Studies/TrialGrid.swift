public import Results

/// Trials by attack and combination of axes, down, and defense, across.
public struct TrialGrid: Sendable {
  /// A line of the tables: one attack in one combination of axes.
  public struct Row: Hashable, Sendable {
    public var attack: String
    public var axes: [String: String]

    public init(attack: String, axes: [String: String]) {
      self.attack = attack
      self.axes = axes
    }
  }

  /// Axes with one value in all trials, sorted by key.
  public let constants: [(key: String, value: String)]
  /// The keys of the other axes, sorted; each is a column of its own.
  public let axisKeys: [String]
  /// Attack by attack, and for each in the order of the axes' values.
  public let rows: [Row]
  public let defenses: [String]
  /// Every cell, row by row.
  public private(set) var cells: [CellID] = []
  private var rowCells: [Row: Range<Int>] = [:]
  /// One trial per seed, in the order of the seeds.
  private let trials: [CellID: [TrialRecordV1]]

  /// Arranges trials; of several trials of a cell with one seed the last one counts.
  ///
  /// Rows and columns follow the given orders, then first appearance.
  public init(_ records: [TrialRecordV1], attackOrder: [String] = [], defenseOrder: [String] = []) {
    let attacks = Self.ordered(records.map(\.attack), first: attackOrder)
    let ranks = Dictionary(zip(attacks, 0...)) { first, _ in first }
    let rows = Set(records.map { Row(attack: $0.attack, axes: $0.axes) }).sorted { lhs, rhs in
      let (left, right) = (ranks[lhs.attack] ?? 0, ranks[rhs.attack] ?? 0)
      return left != right ? left < right : Self.precedes(lhs.axes, rhs.axes)
    }
    self.rows = rows
    defenses = Self.ordered(records.map(\.defense), first: defenseOrder)
    let keys = Set(rows.flatMap(\.axes.keys)).sorted()
    let values = keys.map { key in Set(rows.map { $0.axes[key] }) }
    constants = zip(keys, values).compactMap { key, values in
      guard values.count == 1, let only = values.first, let value = only else { return nil }
      return (key: key, value: value)
    }
    axisKeys = zip(keys, values).filter { $0.1.count > 1 }.map(\.0)
    trials = Dictionary(grouping: records, by: \.cellID).mapValues { members in
      Dictionary(members.map { ($0.seed, $0) }) { _, last in last }.values
        .sorted { $0.seed < $1.seed }
    }
    // The sets of axis keys that a defense has cells in.
    let axisSets = Dictionary(grouping: trials.keys, by: \.defense)
      .mapValues { Set($0.map { Set($0.axes.keys) }) }
    for row in rows {
      let axes = Set(row.axes.keys)
      let start = cells.count
      cells += defenses.filter { axisSets[$0]?.contains(axes) ?? false }
        .map { CellID(attack: row.attack, defense: $0, axes: row.axes) }
      rowCells[row] = start..<cells.count
    }
  }

  /// The cells of a row, one per defense, whether they have trials or not.
  ///
  /// Those that no scenario can have are left out: in the row of a value of one defense's parameter
  /// the other defenses have no cell.
  public func cells(of row: Row) -> [CellID] { rowCells[row].map { Array(cells[$0]) } ?? [] }

  public subscript(cell: CellID) -> [TrialRecordV1] { trials[cell] ?? [] }

  /// Whether every trial of a cell ran only because others are compared to it.
  public func isImplied(_ cell: CellID) -> Bool {
    let trials = self[cell]
    return !trials.isEmpty && trials.allSatisfy(\.isImplied)
  }

  /// The short names of the axes: the last part of each key, or the key where two end alike.
  public var axisNames: [String] {
    let last = axisKeys.map { $0.split(separator: ".").last.map(String.init) ?? $0 }
    return zip(axisKeys, last).map { key, name in last.count { $0 == name } > 1 ? key : name }
  }

  /// The axes that vary, with their short names.
  public var namedAxes: [(key: String, name: String)] {
    zip(axisKeys, axisNames).map { (key: $0, name: $1) }
  }

  private static func ordered(_ names: [String], first: [String]) -> [String] {
    let present = Set(names)
    var seen: Set<String> = []
    return (first.filter(present.contains) + names).filter { seen.insert($0).inserted }
  }

  /// Numbers go by value, other texts by their characters, missing axes first.
  static func precedes(_ lhs: [String: String], _ rhs: [String: String]) -> Bool {
    let (first, second) = (lhs.sorted { $0.key < $1.key }, rhs.sorted { $0.key < $1.key })
    for (left, right) in zip(first, second) {
      if left.key != right.key { return left.key < right.key }
      if left.value != right.value { return precedes(left.value, right.value) }
    }
    return lhs.count < rhs.count
  }

  /// Numbers by value, other texts by their characters.
  static func precedes(_ lhs: String, _ rhs: String) -> Bool {
    if let x = Double(lhs), let y = Double(rhs), x != y { return x < y }
    return lhs < rhs
  }
}
