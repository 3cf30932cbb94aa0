import Results

/// What the trials of one cell say about one metric.
struct CellSummary: Hashable, Sendable {
  enum Outcome: Hashable, Sendable {
    /// Mean and sample standard deviation over `count` seeds; no deviation for one seed.
    case value(mean: Double, deviation: Double?, count: Int, isCensored: Bool)
    /// The values are about attack success, and the model that they are measured on is dead.
    case void
    /// No seed has a value.
    case absent
    case notApplicable
    case failed
    case timedOut
    /// No trial of this cell is there.
    case notRun
  }

  var outcome: Outcome
  /// Trials of the cell, finished or not.
  var trialCount: Int

  /// Whether the mean leaves some trials out, because they failed or have no value.
  var isPartial: Bool {
    if case .value(_, _, let count, _) = outcome { count < trialCount } else { false }
  }

  var mean: Double? {
    if case .value(let mean, _, _, _) = outcome { mean } else { nil }
  }

  /// Summarizes one trial per seed; sums run in the order of the seeds.
  init(_ trials: [TrialRecordV1], metric: String, isVoid: Bool = false) {
    let finished = trials.filter { $0.status == .ok }.sorted { $0.seed < $1.seed }
    let values = finished.compactMap { $0.metrics[metric] ?? nil }
    trialCount = trials.count
    if !values.isEmpty, isVoid {
      outcome = .void
    } else if !values.isEmpty {
      let mean = values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      outcome = .value(
        mean: mean,
        deviation: values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : nil,
        count: values.count,
        isCensored: finished.contains { $0.censored.contains(metric) })
    } else if !finished.isEmpty {
      outcome = .absent
    } else if trials.contains(where: { $0.status == .error }) {
      outcome = .failed
    } else if trials.contains(where: { $0.status == .timeout }) {
      outcome = .timedOut
    } else {
      outcome = trials.isEmpty ? .notRun : .notApplicable
    }
  }
}
