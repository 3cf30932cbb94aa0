import Federation
public import Simulation
import Statistics

/// How often a trigger leads to its target, and how often the model resists it.
///
/// Only triggered test examples whose true label is not the target count (and, with a source class,
/// only those of that class), averaged by example. The clean twin's rate for the same trigger and
/// target is the base rate: natural confusion, which no attack caused.
public enum AttackSuccessRate: Metric {
  public static let manifests = [
    manifest("asr.stop", "the attack success rate at the end of the window", gate: 0.02),
    manifest("asr.final", "the attack success rate after the last round", gate: 0.02),
    manifest("asr.peak", "the largest attack success rate from the start of the window on"),
    manifest("asr.window", "mean attack success rate over the evaluated rounds of the window"),
    manifest(
      "asr.correct",
      "asr.stop among the examples that the same model predicts right without the trigger"),
    manifest("asr.base", "asr.stop in the clean twin, for the same trigger and target"),
    MetricManifest(
      id: "asr.excess", definition: "asr.stop minus asr.base", unit: "fraction", range: "-1...1",
      better: .lower),
    manifest(
      "asr.control",
      "the same rate of the attack's final trigger in the clean twin's final model: a universal"
        + " perturbation is no backdoor"),
    MetricManifest(
      id: "robust-accuracy.stop",
      definition: "share of the same triggered test examples predicted as their true label, at the"
        + " end of the window; with asr.stop at most 1",
      unit: "fraction", range: "0...1", better: .higher,
      citation: "Wu et al., BackdoorBench, NeurIPS 2022"),
  ]

  private static func manifest(
    _ id: String, _ definition: String, gate: Double? = nil
  ) -> MetricManifest {
    MetricManifest(
      id: id,
      definition: definition + " (triggered test examples whose true label is not the target"
        + " that are predicted as the target)",
      unit: "fraction", range: "0...1", better: .lower, gateTolerance: gate,
      citation: "Xie et al., DBA, ICLR 2020")
  }

  public static func evaluate(_ evidence: TrialEvidence) -> [String: MetricOutcome] {
    let trial = evidence.trial
    guard let backdoor = trial.backdoor else { return all(absent: Absence.noBackdoor) }
    guard let final = trial.finalEvaluation?.attackSuccessRate(of: backdoor) else {
      return all(absent: Absence.noTriggeredExamples)
    }
    var outcomes = all(absent: Absence.emptyWindow)
    outcomes["asr.final"] = .value(final)
    outcomes["asr.control"] = MetricOutcome(
      evidence.twin?.finalEvaluation?.attackSuccessRate(of: backdoor),
      else: evidence.twin == nil ? Absence.noTwin : Absence.notInTwin)
    guard let last = trial.lastWindowRound,
      let stop = trial.successRate(of: backdoor, after: last)
    else { return outcomes }
    outcomes["asr.stop"] = .value(stop)
    outcomes["asr.peak"] = MetricOutcome(
      trial.successCurve(of: backdoor, from: trial.window.lowerBound)?.max(), else: Absence.sparse)
    outcomes["asr.window"] = MetricOutcome(
      Moments.mean(trial.window.compactMap { trial.successRate(of: backdoor, after: $0) }),
      else: Absence.sparse)
    outcomes["asr.correct"] = MetricOutcome(
      trial.stopEvaluation?.attackSuccessRateAmongCorrect(of: backdoor),
      else: trial.isTrainedElsewhere
        ? Absence.untold
        : backdoor.examples == nil
          ? "the model predicts none of the examples right without the trigger"
          : "the examples have no version without a trigger")
    outcomes["robust-accuracy.stop"] = MetricOutcome(
      trial.stopEvaluation?.robustAccuracy(against: backdoor),
      else: trial.isTrainedElsewhere ? Absence.untold : Absence.noTriggeredExamples)
    let base = evidence.twin.flatMap { $0.successRate(of: backdoor, after: last) }
    let reason = evidence.twin == nil ? Absence.noTwin : Absence.notInTwin
    outcomes["asr.base"] = MetricOutcome(base, else: reason)
    outcomes["asr.excess"] = MetricOutcome(base.map { stop - $0 }, else: reason)
    return outcomes
  }

  private static func all(absent reason: String) -> [String: MetricOutcome] {
    .init(uniqueKeysWithValues: manifests.map { ($0.id, .absent(reason)) })
  }
}
