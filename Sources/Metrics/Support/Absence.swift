import Simulation

/// Why a figure does not apply; the texts appear in results files.
enum Absence {
  static let emptyWindow = "the attack window is empty"
  static let noTwin = "there is no clean twin to compare with"
  static let noBackdoor = "neither the attack nor the scenario has a backdoor"
  static let noTriggeredExamples = "no test example counts for the attack success rate"
  static let notInTwin = "the clean twin was not evaluated on the trigger of this trial"
  static let sparse = "the global model was not evaluated after every round"
  static let neverTogether = "no window round had both malicious and honest clients"
  static let nothingSeen =
    "in every window round with both kinds of clients all updates were equal"
  static let elsewhere = "the data are those of a trainer in another process"
  static let untold = "the trainer in another process does not say it"
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

  /// Why malicious and honest clients of the window cannot be compared, `nil` if they can.
  var absenceOfAttackers: String? {
    if window.isEmpty { return Absence.emptyWindow }
    guard let presence = WindowPresence(summary) else { return Absence.notMeasured }
    if presence.maliciousRows + presence.maliciousDropped == 0 {
      return rounds.contains { ($0.figures[AttendanceSeries.lateAttackers] ?? 0) > 0 }
        ? "every update of a controlled client came after the deadline"
        : "no controlled client took part in the window"
    }
    if presence.honestRows == 0 { return "no honest client took part in the window" }
    return presence.sharedRounds == 0 ? Absence.neverTogether : nil
  }

  /// Why a comparison of malicious with honest rows of the window cannot be made, `nil` if it can.
  var absenceOfRows: String? {
    if let reason = absenceOfAttackers { return reason }
    guard let presence = WindowPresence(summary) else { return Absence.notMeasured }
    if presence.maliciousRows == 0 {
      return "every update of a controlled client was dropped because it was not finite"
    }
    return presence.differingRounds == 0 ? Absence.nothingSeen : nil
  }

  /// Returns the number of window rounds that a figure rests on, pooled under an id of ``summary``.
  func roundCount(_ id: String) -> MetricOutcome {
    MetricOutcome(
      summary[id], else: window.isEmpty ? Absence.emptyWindow : Absence.notMeasured)
  }
}
