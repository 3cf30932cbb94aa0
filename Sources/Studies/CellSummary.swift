public import Results
import Statistics

/// What the trials of one cell say about one metric.
public struct CellSummary: Hashable, Sendable {
  public enum Outcome: Hashable, Sendable {
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

  public var outcome: Outcome
  /// Trials of the cell, finished or not.
  public var trialCount: Int
  /// The values of the finished seeds that have one, in the order of the seeds.
  public var values: [SeedValue]

  /// What one seed measured.
  public struct SeedValue: Hashable, Sendable {
    public var seed: Int
    public var value: Double

    public init(seed: Int, value: Double) {
      self.seed = seed
      self.value = value
    }
  }

  /// Whether the mean leaves some trials out, because they failed or have no value.
  public var isPartial: Bool {
    if case .value(_, _, let count, _) = outcome { count < trialCount } else { false }
  }

  public var mean: Double? {
    if case .value(let mean, _, _, _) = outcome { mean } else { nil }
  }

  /// The 95 % t interval of the mean over the seeds; `nil` for a single seed, without a mean, and for
  /// a censored one: a lower bound of the mean has no such interval.
  public var interval: ClosedRange<Double>? {
    guard let mean, let halfInterval else { return nil }
    return (mean - halfInterval)...(mean + halfInterval)
  }

  /// Half the length of ``interval``: what stands after `±` wherever it is printed.
  public var halfInterval: Double? {
    guard case .value(let mean, let deviation?, let count, false) = outcome else { return nil }
    let t = StudentT.quantile(upperTail: 0.025, degrees: Double(count - 1))
    let half = t * deviation / Double(count).squareRoot()
    return half.isFinite && mean.isFinite ? half : nil
  }

  /// The seed that is worst for the defender, the first of equals; `nil` where there is no mean, or
  /// where nothing is worse.
  public func worst(_ better: Score.Direction) -> SeedValue? {
    guard mean != nil else { return nil }
    switch better {
    case .higher: return values.min { $0.value < $1.value }
    case .lower: return values.reversed().max { $0.value <= $1.value }
    case .none: return nil
    }
  }

  /// Summarizes one trial per seed; sums run in the order of the seeds.
  public init(_ trials: [TrialRecordV1], metric: String, isVoid: Bool = false) {
    // By their places: records are large, and copies of them take longer than all else.
    let finished = trials.indices.filter { trials[$0].status == .ok }
      .sorted { trials[$0].seed < trials[$1].seed }
    let seeds = finished.compactMap { place in
      (trials[place].metrics[metric] ?? nil).map {
        SeedValue(seed: trials[place].seed, value: $0)
      }
    }
    let values = seeds.map(\.value)
    self.values = seeds
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
        isCensored: finished.contains { trials[$0].censored.contains(metric) })
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
