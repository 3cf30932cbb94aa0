import Federation
public import Simulation

/// What is left of an attack once it has stopped.
///
/// Rounds from the end of the window on count, all in pairs with the clean twin. Durations start at
/// the end of the window: what is true from the first round after it on has the value 1. A duration
/// is censored, with the number of observed rounds as its lower bound, where its end was not seen.
public enum PersistenceMetrics: Metric {
  /// The excess at the end of the window below which a backdoor never took.
  static let minimalExcess = 0.05
  /// The attack success rate above which a backdoor lives (Neurotoxin).
  static let aliveRate = 0.5
  /// How far below the twin an accuracy counts as recovered; above it does too.
  static let recoveryBand = 0.02
  /// For how many rounds a value must stay where it is.
  static let stay = 3

  public static let manifests = [
    manifest(
      "persistence.retention",
      "mean excess attack success rate over the rounds after the window / that at its end; never"
        + " took below an excess of 0.05", unit: "ratio", range: "any"),
    manifest(
      "persistence.lifespan",
      "the last round after the window with an attack success rate above 0.5, counted from 1; 0 if"
        + " there is none", unit: "rounds", range: "0...", "Zhang et al., Neurotoxin, ICML 2022"),
    manifest(
      "persistence.half-life",
      "rounds until the excess attack success rate first stays at or below half of that at the end"
        + " of the window for 3 rounds", unit: "rounds", range: "1..."),
    manifest(
      "persistence.auc", "mean attack success rate over the rounds after the window",
      unit: "fraction", range: "0...1", gate: 0.02),
    manifest(
      "persistence.recovery",
      "untargeted attacks: rounds until the accuracy first stays no more than 0.02 below the clean"
        + " twin's for 3 rounds; better than the twin counts as recovered",
      unit: "rounds", range: "1..."),
  ]

  private static func manifest(
    _ id: String, _ definition: String, unit: String, range: String, gate: Double? = nil,
    _ citation: String = ""
  ) -> MetricManifest {
    MetricManifest(
      id: id, definition: definition, unit: unit, range: range, better: .lower,
      gateTolerance: gate, citation: citation)
  }

  public static func evaluate(_ evidence: TrialEvidence) -> [String: MetricOutcome] {
    var outcomes = successOutcomes(evidence)
    outcomes["persistence.recovery"] = recovery(evidence)
    return outcomes
  }

  private static func successOutcomes(_ evidence: TrialEvidence) -> [String: MetricOutcome] {
    let trial = evidence.trial
    guard let backdoor = trial.backdoor else { return allSuccess(absent: Absence.noBackdoor) }
    if let reason = absence(of: trial) ?? trial.absenceOfCurves {
      return allSuccess(absent: reason)
    }
    guard let curve = trial.successCurve(of: backdoor) else {
      return allSuccess(absent: Absence.noTriggeredExamples)
    }
    let stop = trial.window.upperBound
    let after = curve[stop...]
    var outcomes = [
      "persistence.lifespan": lifespan(after),
      "persistence.auc": .value(after.reduce(0, +) / Double(after.count)),
    ]
    outcomes.merge(excessOutcomes(curve, evidence.twin, backdoor, stop: stop)) { $1 }
    return outcomes
  }

  private static func lifespan(_ after: ArraySlice<Double>) -> MetricOutcome {
    let last = after.lastIndex { $0 > aliveRate }
    let rounds = Double(last.map { $0 - after.startIndex + 1 } ?? 0)
    return last == after.indices.last ? .censored(rounds) : .value(rounds)
  }

  private static func excessOutcomes(
    _ curve: [Double], _ twin: TrialTrace?, _ backdoor: Backdoor, stop: Int
  ) -> [String: MetricOutcome] {
    func both(_ reason: String) -> [String: MetricOutcome] {
      ["persistence.retention": .absent(reason), "persistence.half-life": .absent(reason)]
    }
    guard let twin else { return both(Absence.noTwin) }
    // From the end of the window on: triggers that change are compared there alone.
    guard let base = twin.successCurve(of: backdoor, from: stop - 1) else {
      return both(Absence.notInTwin)
    }
    let excess = zip(curve[(stop - 1)...], base).map { $0 - $1 }
    let end = excess[0]
    guard end >= minimalExcess - comparisonSlack else {
      return both("never took: the excess attack success rate stayed below 0.05")
    }
    let after = excess[1...]
    return [
      "persistence.retention": .value(after.reduce(0, +) / Double(after.count) / end),
      "persistence.half-life": duration(excess.map { $0 <= end / 2 + comparisonSlack }, stop: 1),
    ]
  }

  private static func recovery(_ evidence: TrialEvidence) -> MetricOutcome {
    let trial = evidence.trial
    switch trial.goal {
    case .degrade, .misclassify: break
    case .none: return .absent("there is no attack to recover from")
    case .backdoor: return .absent("it is defined for untargeted attacks")
    }
    if let reason = absence(of: trial) { return .absent(reason) }
    guard let twin = evidence.twin else { return .absent(Absence.noTwin) }
    guard let own = trial.accuracyCurve, let base = twin.accuracyCurve else {
      return .absent(Absence.sparse)
    }
    let isInside = zip(own, base).map {
      $1 - $0 <= recoveryBand + comparisonSlack
    }
    if isInside[trial.window.lowerBound...].allSatisfy({ $0 }) {
      return .absent("the accuracy never left the band of 0.02 below the clean twin's")
    }
    return duration(isInside, stop: trial.window.upperBound)
  }

  private static func duration(_ isInside: [Bool], stop: Int) -> MetricOutcome {
    guard let round = firstStay(in: isInside, from: stop, length: stay) else {
      return .censored(Double(isInside.count - stop))
    }
    return .value(Double(round - stop + 1))
  }

  private static func absence(of trial: TrialTrace) -> String? {
    if trial.window.isEmpty { return Absence.emptyWindow }
    return trial.window.upperBound >= trial.rounds.count ? "no rounds after the window" : nil
  }

  private static func allSuccess(absent reason: String) -> [String: MetricOutcome] {
    .init(uniqueKeysWithValues: manifests.dropLast().map { ($0.id, .absent(reason)) })
  }
}
