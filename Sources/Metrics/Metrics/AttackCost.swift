public import Simulation

/// What the attack costs those who run it, in work instead of time.
///
/// Arithmetic on updates, such as distances between rows, is not counted. The training of acting
/// clients counts as the simulation does it, also where the attack replaces what was trained.
public enum AttackCost: Metric {
  public static let manifests = [
    MetricManifest(
      id: WorkMeter.ratio,
      definition: "local work of the controlled clients that act over the work of the same clients"
        + " as honest ones, summed over the window rounds; work is gradients of single examples (of"
        + " training, of trigger optimisation, of models of the attacker's own), and each row of a"
        + " rehearsal of the defense counts as one gradient",
      unit: "ratio", range: "0...", better: .none)
  ]

  public static func evaluate(_ evidence: TrialEvidence) -> [String: MetricOutcome] {
    let trial = evidence.trial
    let reason =
      trial.window.isEmpty
      ? Absence.emptyWindow
      : trial.summary[WorkMeter.rounds] == nil
        ? Absence.notMeasured : "no controlled client acted in the window"
    return [WorkMeter.ratio: MetricOutcome(trial.summary[WorkMeter.ratio], else: reason)]
  }
}
