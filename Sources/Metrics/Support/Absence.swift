import Simulation

/// Why a figure does not apply; the texts appear in results files.
enum Absence {
  static let emptyWindow = "the attack window is empty"
  static let noTwin = "there is no clean twin to compare with"
  static let noBackdoor = "neither the attack nor the scenario has a backdoor"
  static let noTriggeredExamples = "no test example counts for the attack success rate"
  static let notInTwin = "the clean twin was not evaluated on the trigger of this trial"
  static let sparse = "the global model was not evaluated after every round"
  static let notMeasured = "it was not measured in this run"
}

extension MetricOutcome {
  /// Creates a value, or the reason why there is none.
  init(_ value: Double?, else reason: @autoclosure () -> String) {
    if let value { self = .value(value) } else { self = .absent(reason()) }
  }
}

extension TrialTrace {
  /// Returns the figure that a meter pooled over the window under an id of ``summary``.
  ///
  /// Where it does not exist, the reason is given only if the window had the clients it needs.
  func pooled(_ id: String, else reason: String) -> MetricOutcome {
    MetricOutcome(summary[id], else: absenceOfRows ?? reason)
  }

  /// Why a comparison of malicious with honest rows of the window cannot be made, `nil` if it can.
  var absenceOfRows: String? {
    if window.isEmpty { return Absence.emptyWindow }
    guard let counts = WindowCounts(summary) else { return Absence.notMeasured }
    if counts.malicious + counts.droppedMalicious == 0 {
      return "no controlled client took part in the window"
    }
    if counts.honest == 0 { return "no honest client took part in the window" }
    if counts.malicious == 0 {
      return "every update of a controlled client was dropped because it was not finite"
    }
    return nil
  }
}
