import Results

/// The finished trials of each cell, one per seed.
struct CellTrials: Sendable {
  private let trials: [CellID: [TrialRecordV1]]
  /// Cells by attack and defense, to find references whose axes are fewer.
  private let families: [Family: [CellID]]

  private struct Family: Hashable {
    var attack: String
    var defense: String
  }

  /// Of several trials of a cell with one seed the last one counts; it may have failed.
  init(_ records: [TrialRecordV1]) {
    var latest: [CellID: [Int: TrialRecordV1]] = [:]
    for record in records { latest[record.cellID, default: [:]][record.seed] = record }
    trials = latest.compactMapValues { seeds in
      let finished = seeds.values.filter { $0.status == .ok }.sorted { $0.seed < $1.seed }
      return finished.isEmpty ? nil : finished
    }
    families = Dictionary(grouping: trials.keys) {
      Family(attack: $0.attack, defense: $0.defense)
    }
  }

  /// In the order of the seeds.
  subscript(cell: CellID) -> [TrialRecordV1] { trials[cell] ?? [] }

  var cells: some Sequence<CellID> { trials.keys }

  /// The trials of the first of some cells that is there, in a combination of axes that goes with
  /// one of another cell: the same, or else the largest part of it, since an axis of one attack's
  /// parameter exists in the cells of that attack alone.
  func reference(
    _ attacks: Set<String>, _ defenses: Set<String>, for axes: [String: String]
  ) -> [TrialRecordV1] {
    for attack in attacks.sorted() {
      for defense in defenses.sorted() {
        let exact = self[CellID(attack: attack, defense: defense, axes: axes)]
        if !exact.isEmpty { return exact }
        let parts = (families[Family(attack: attack, defense: defense)] ?? []).filter { cell in
          cell.axes.allSatisfy { axes[$0.key] == $0.value }
        }
        // The names decide between parts of one size.
        let best = parts.max {
          ($0.axes.count, Self.name($0)) < ($1.axes.count, Self.name($1))
        }
        if let best { return self[best] }
      }
    }
    return []
  }

  private static func name(_ cell: CellID) -> String {
    TrialRecordV1.cellName(attack: cell.attack, defense: cell.defense, axes: cell.axes)
  }
}
