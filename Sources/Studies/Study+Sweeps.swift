import Gating
import Results

extension Study {
  /// Returns the curves of a metric over each axis of the matrix with two values or more.
  ///
  /// Other axes are held at each combination that has two values of the axis; axes that a scenario
  /// changes together have none, and no sweep. The attack-free reference is a panel like an attack's.
  /// Worst cases come where two attacks or settings of one are there, except over an attack's own
  /// parameter; void cells are never among them. They are over the attacks, each setting for itself,
  /// that have a mean at every value at which the defense has any: else a curve would fall where an
  /// attack joins it. A defense without such an attack has no points there, and two defenses may be
  /// over different attacks.
  ///
  /// - Parameters:
  ///   - metric: Such as `accuracy.stop`.
  ///   - better: What is good; `nil` for what the catalog says.
  /// - Returns: One sweep per axis, in the order of the axes.
  /// - Complexity: O(trials + axes x cells).
  public func sweeps(
    of metric: String = "accuracy.stop", better: Score.Direction? = nil
  ) -> [Sweep] {
    guard !grid.axisKeys.isEmpty else { return [] }
    let better = better ?? facts.metric(metric)?.better ?? Score.direction(of: metric)
    let table = SummaryTable(self, metrics: [metric])
    return grid.namedAxes.compactMap { axis in
      let values = Set(grid.rows.compactMap { $0.axes[axis.key] }).sorted(by: TrialGrid.precedes)
      guard values.count > 1 else { return nil }
      let builder = SweepBuilder(self, axis.key, values, better) { table[$0, metric] }
      let panels = builder.worstCases + builder.attacks
      guard !panels.isEmpty else { return nil }
      let numbers = values.compactMap(Double.init).filter(\.isFinite)
      return Sweep(
        axis: axis.key, name: axis.name, role: Sweep.Role(axis: axis.key), metric: metric,
        better: better, values: values, numbers: numbers.count == values.count ? numbers : nil,
        panels: panels)
    }
  }
}

/// Sorts the cells of a study into panels, lines and points of one axis.
private struct SweepBuilder {
  /// One panel per attack and combination of the other axes.
  private(set) var attacks: [Sweep.Panel] = []
  private(set) var worstCases: [Sweep.Panel] = []

  init(
    _ study: Study, _ axis: String, _ values: [String], _ better: Score.Direction,
    _ summary: (CellID) -> CellSummary
  ) {
    let places = Dictionary(zip(values, 0...)) { first, _ in first }
    var (drafts, worst): ([SweepDraft], [SweepDraft]) = ([], [])
    var (known, knownWorst): ([TrialGrid.Row: Int], [[String: String]: Int]) = ([:], [:])
    let hasWorst = better != .none && !axis.hasPrefix("attacks.")
    for cell in study.grid.cells {
      guard let value = cell.axes[axis], let place = places[value], !study.grid[cell].isEmpty
      else { continue }
      let line = SweepDraft.LineKey(
        defense: cell.defense, axes: cell.axes.defenseParameters.filter { $0.key != axis })
      let axes = cell.axes.withoutDefenseParameters.filter { $0.key != axis }
      let row = TrialGrid.Row(attack: cell.attack, axes: axes)
      let index = known[row] ?? drafts.count
      if index == drafts.count {
        known[row] = index
        drafts.append(SweepDraft(.attack(cell.attack), axes: axes))
      }
      drafts[index].add(cell, line, place, of: values.count)
      guard hasWorst, !study.references.clean.contains(cell.attack) else { continue }
      let held = axes.withoutAttackParameters
      let worstIndex = knownWorst[held] ?? worst.count
      if worstIndex == worst.count {
        knownWorst[held] = worstIndex
        worst.append(SweepDraft(.worstCase, axes: held))
      }
      worst[worstIndex].add(cell, line, place, of: values.count)
    }
    attacks = drafts.compactMap { draft in
      draft.panel { $0.map { cells in cells.first.map { (summary($0), nil) } } }
    }
    worstCases = worst.compactMap { draft in
      let count = draft.variantCount
      return count > 1 ? draft.panel { Self.worst($0, of: count, better, summary) } : nil
    }
  }

  /// The worst at each value, over the attacks that have a mean at all values at which some has one.
  private static func worst(
    _ cells: [[CellID]], of most: Int, _ better: Score.Direction,
    _ summary: (CellID) -> CellSummary
  ) -> [(summary: CellSummary, worst: Sweep.Worst?)?] {
    let present = cells.map { $0.filter { summary($0).mean != nil } }
    let shown = present.filter { !$0.isEmpty }.map { Set($0.map(AttackVariant.init)) }
    let common = shown.dropFirst().reduce(shown.first ?? []) { $0.intersection($1) }
    return zip(cells, present).map { all, measured in
      // Here no attack has a mean, and the first cell tells why.
      guard !measured.isEmpty else { return all.first.map { (summary($0), nil) } }
      return worst(
        measured.filter { common.contains(AttackVariant($0)) }, of: most, better, summary)
    }
  }

  /// The worst of the cells at one value; `nil` where there is none.
  private static func worst(
    _ cells: [CellID], of most: Int, _ better: Score.Direction,
    _ summary: (CellID) -> CellSummary
  ) -> (summary: CellSummary, worst: Sweep.Worst?)? {
    var worst: (cell: CellID, summary: CellSummary, mean: Double)?
    for cell in cells {
      let found = summary(cell)
      guard let mean = found.mean else { continue }
      if worst.map({ better == .higher ? mean < $0.mean : mean > $0.mean }) ?? true {
        worst = (cell, found, mean)
      }
    }
    return worst.map { worst in
      (
        worst.summary,
        Sweep.Worst(
          attack: worst.cell.attack, cell: worst.cell, count: cells.count,
          missingCount: most - cells.count)
      )
    }
  }
}

/// An attack with the values of its own parameters.
private struct AttackVariant: Hashable {
  let attack: String
  let axes: [String: String]

  init(_ cell: CellID) {
    attack = cell.attack
    axes = cell.axes.filter { $0.key.hasPrefix("attacks.") }
  }
}

/// A panel under way: its lines in the order of their coming, each cell at its value.
private struct SweepDraft {
  struct LineKey: Hashable {
    var defense: String
    var axes: [String: String]
  }

  var subject: Sweep.Subject
  var axes: [String: String]
  private var order: [LineKey] = []
  private var cells: [LineKey: [[CellID]]] = [:]

  init(_ subject: Sweep.Subject, axes: [String: String]) {
    self.subject = subject
    self.axes = axes
  }

  /// The attacks, each setting for itself, that some line has at some value.
  var variantCount: Int { Set(cells.values.joined().joined().map(AttackVariant.init)).count }

  mutating func add(
    _ cell: CellID, _ line: LineKey, _ place: Int, of count: Int
  ) {
    if cells[line] == nil {
      order.append(line)
      cells[line] = Array(repeating: [], count: count)
    }
    cells[line]?[place].append(cell)
  }

  /// The panel, from the points of a line by its cells at each value; `nil` where no line has two.
  func panel(
    _ line: ([[CellID]]) -> [(summary: CellSummary, worst: Sweep.Worst?)?]
  ) -> Sweep.Panel? {
    let lines = order.map { key in
      let points = line(cells[key] ?? [])
      return Sweep.Line(
        defense: key.defense, axes: key.axes, points: points.map { $0?.summary },
        worst: subject == .worstCase ? points.map { $0?.worst } : [])
    }
    guard lines.contains(where: { $0.points.count { $0 != nil } > 1 }) else { return nil }
    return Sweep.Panel(subject, axes: axes, lines: lines)
  }
}
