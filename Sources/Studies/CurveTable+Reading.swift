public import Results

extension CurveTable {
  /// Reads series of `rounds.csv` for the cells of the given trials.
  ///
  /// Trials that are not `ok` have no rows; of several trials of a cell with one seed the last one
  /// counts, and rows of trials that are not given are passed over. A point is taken over the seeds
  /// that have a value in its round, which may be fewer than the cell has; sums run in the order of
  /// the seeds, whatever the order of the file. A series that the file does not have has no curves.
  ///
  /// - Parameters:
  ///   - folder: The folder of results.
  ///   - records: The trials to read.
  ///   - series: The names of the series, such as `accuracy`.
  /// - Returns: The curves; where there is no `rounds.csv`, or one of another form, none, and why in
  ///   ``absence``.
  /// - Throws: `malformed` with the line for a row of one of the trials that is not what it should
  ///   be; `unreadable`.
  /// - Complexity: O(length of the file) time; memory for one number per row and series.
  public static func read(
    folder: String, records: [TrialRecordV1], series: [String]
  ) throws(ResultError) -> CurveTable {
    let trials = latest(records)
    var rows = trials.map { _ in TrialRows() }
    let absence = try RoundsReader(folder: folder).read(trials, series: series) {
      trial, round, values throws(ResultError) in
      rows[trial].rounds.append(round)
      rows[trial].values += values
    }
    var table = CurveTable(absence: absence)
    var cells: [CellID: [TrialRows]] = [:]
    for (trial, rows) in zip(trials, rows) where !rows.rounds.isEmpty {
      cells[trial.cellID, default: []].append(rows)
    }
    for (cell, rows) in cells {
      let rounds = rounds(of: rows)
      for (place, name) in series.enumerated() {
        let curve = curve(rows, place, of: series.count, rounds)
        if !curve.points.isEmpty { table.curves[cell, default: [:]][name] = curve }
      }
    }
    return table
  }

  /// What the file has of one trial: its rounds, ascending, and for each one value per series.
  private struct TrialRows {
    var rounds: [Int] = []
    var values: [Double] = []
  }

  /// The finished trials, one per cell and seed, in the order of the seeds.
  private static func latest(_ records: [TrialRecordV1]) -> [TrialRecordV1] {
    var seeds: [CellID: [Int: TrialRecordV1]] = [:]
    for record in records { seeds[record.cellID, default: [:]][record.seed] = record }
    return seeds.values.joined().map(\.value).filter { $0.status == .ok }
      .sorted { $0.seed < $1.seed }
  }

  /// All rounds that one of the trials has, ascending.
  private static func rounds(of trials: [TrialRows]) -> [Int] {
    var rounds: [Int] = []
    for trial in trials where trial.rounds != rounds {
      rounds = rounds.isEmpty ? trial.rounds : Set(rounds).union(trial.rounds).sorted()
    }
    return rounds
  }

  private static func curve(
    _ trials: [TrialRows], _ place: Int, of width: Int, _ rounds: [Int]
  ) -> Curve {
    var curve = Curve()
    // The first row of each trial that was not passed yet.
    var next = trials.map { _ in 0 }
    for round in rounds {
      var sum = 0.0
      var count = 0
      var (low, high) = (Double.infinity, -Double.infinity)
      for (trial, rows) in trials.enumerated() {
        guard next[trial] < rows.rounds.count, rows.rounds[next[trial]] == round else { continue }
        let value = rows.values[next[trial] * width + place]
        next[trial] += 1
        guard !value.isNaN else { continue }
        sum += value
        count += 1
        (low, high) = (min(low, value), max(high, value))
      }
      guard count > 0 else { continue }
      // Equal values must not miss their mean by rounding.
      let mean = min(max(sum / Double(count), low), high)
      curve.points.append(Curve.Point(round: round, mean: mean, low: low, high: high))
    }
    return curve
  }
}
