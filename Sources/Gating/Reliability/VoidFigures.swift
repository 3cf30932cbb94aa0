public import Results

/// Figures of attack success that mean nothing, since the model that they are measured on is dead.
///
/// A model that always says the same class has an attack success rate of 1 if that class is the
/// target and of 0 if it is another one. Neither is a success or a defense. The numbers stay in the
/// files and are compared like all others.
public enum VoidFigures {
  /// Whether a metric is about the success of a backdoor: `asr.*` but for its count of examples,
  /// `robust-accuracy.*`, `target-confidence`, and `persistence.*` but for the recovery of
  /// accuracy.
  public static func isAboutSuccess(_ metric: String) -> Bool {
    metric.hasPrefix("asr.") || metric.hasPrefix("robust-accuracy.")
      || metric == "target-confidence"
      || metric.hasPrefix("persistence.") && metric != "persistence.recovery"
  }

  /// Why a metric of a cell is void, given its trials that ran; `nil` if it is not.
  ///
  /// What is measured at the end of the window or over it is void where the model is dead at the
  /// end of the window, what is measured after the last round where it is dead there, and what
  /// persists where it is in either place. Figures of the clean twin go by the twin's accuracy.
  public static func reason(_ metric: String, _ trials: [TrialRecordV1]) -> String? {
    guard isAboutSuccess(metric) else { return nil }
    let finished = trials.filter { $0.status == .ok }
    for moment in moments(of: metric) {
      guard let found = NearChance(finished, moment.accuracy), found.isDead else { continue }
      return "void: \(moment.name) the model is dead, \(found.text)"
    }
    return nil
  }

  /// How many seeds of a cell that is not void have a dead model all the same, and of how many.
  static func partly(
    _ metric: String, _ trials: [TrialRecordV1]
  ) -> (deadCount: Int, count: Int)? {
    guard isAboutSuccess(metric) else { return nil }
    let finished = trials.filter { $0.status == .ok }
    let found = moments(of: metric).compactMap { NearChance(finished, $0.accuracy) }
    guard let worst = found.max(by: { $0.deadCount < $1.deadCount }), worst.deadCount > 0
    else { return nil }
    return (worst.deadCount, worst.count)
  }

  private typealias Moment = (name: String, accuracy: (TrialRecordV1) -> Double?)

  private static func moments(of metric: String) -> [Moment] {
    let stop: Moment = ("at the end of the window", { $0.accuracyAtStop })
    let final: Moment = ("after the last round", { $0.metrics["accuracy.final"] ?? nil })
    let clean: Moment = ("without an attack", { $0.cleanAccuracyAtStop })
    return switch metric {
    case "asr.base", "asr.control": [clean]
    case "asr.excess": [stop, clean]
    case "asr.final": [final]
    case _ where metric.hasPrefix("persistence."): [stop, final]
    default: [stop]
    }
  }
}
