import Results

/// Results by cell and seed.
struct ResultCells {
  struct Cell {
    var attack: String
    var defense: String
    var axes: [String: String]
    /// Finished trials by seed.
    var trials: [Int: TrialRecordV1] = [:]
    /// Why seeds have no numbers: not applicable, failed, timed out.
    var reasons: [Int: String] = [:]
    /// The seeds whose trials failed or were timed out.
    var failed: Set<Int> = []

    /// The finished trials in the order of the seeds.
    var finished: [TrialRecordV1] { trials.values.sorted { $0.seed < $1.seed } }

    var keys: [String: String] {
      axes.merging(["attack": attack, "defense": defense]) { $1 }
    }

    fileprivate mutating func take(_ record: TrialRecordV1) {
      trials[record.seed] = nil
      reasons[record.seed] = nil
      failed.remove(record.seed)
      switch record.status {
      case .ok: trials[record.seed] = record
      case .notApplicable:
        reasons[record.seed] = "not applicable: \(record.message ?? "no reason given")"
      case .error, .timeout:
        reasons[record.seed] = "the trial failed: \(record.message ?? record.status.rawValue)"
        failed.insert(record.seed)
      }
    }
  }

  private var cells: [String: Cell] = [:]
  /// The cells that have numbers or should have: at least one trial finished or failed.
  ///
  /// Sorted, because parallel and resumed runs write their trials in any order.
  private(set) var names: [String] = []
  /// One line for each failed trial.
  private(set) var failures: [String] = []

  /// Of several trials of a cell with one seed the last one counts.
  init(_ records: [TrialRecordV1], isIncluded: (_ cell: [String: String]) -> Bool) {
    var excluded: Set<String> = []
    for record in records {
      let name = record.cell
      if cells[name] == nil {
        if excluded.contains(name) { continue }
        let cell = Cell(attack: record.attack, defense: record.defense, axes: record.axes)
        guard isIncluded(cell.keys) else {
          excluded.insert(name)
          continue
        }
        cells[name] = cell
      }
      cells[name]?.take(record)
    }
    names = cells.keys.sorted()
    for name in names {
      guard let cell = cells[name] else { continue }
      for seed in cell.failed.sorted() {
        failures.append("\(name), seed \(seed): \(cell.reasons[seed] ?? "")")
      }
    }
    names.removeAll { name in
      cells[name].map { $0.trials.isEmpty && $0.failed.isEmpty } ?? true
    }
  }

  subscript(name: String) -> Cell? { cells[name] }

  /// The cells of `names`.
  var measured: [(name: String, cell: Cell)] {
    names.compactMap { name in cells[name].map { (name, $0) } }
  }
}
