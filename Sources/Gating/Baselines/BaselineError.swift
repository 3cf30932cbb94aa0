/// Why a baseline could not be made or changed.
public enum BaselineError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There are no finished trials to record.
  case noTrials
  /// Trials failed or were timed out; the first ones, and how many there are.
  case failedTrials(examples: [String], count: Int)
  /// No trial has such a metric.
  case unknownMetrics([String])
  /// The results cannot stand beside what the baseline holds.
  case incomparable(String)

  public var description: String {
    switch self {
    case .noTrials: "there are no finished trials to record"
    case .failedTrials(let examples, let count):
      "\(count) \(count == 1 ? "trial" : "trials") failed, and a baseline has to be whole: "
        + examples.joined(separator: "; ")
    case .unknownMetrics(let metrics):
      "no trial has the metric " + metrics.map { "'\($0)'" }.joined(separator: ", ")
    case .incomparable(let reason): reason
    }
  }
}
