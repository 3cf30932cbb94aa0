public import Simulation

/// What the defense costs where nobody attacks.
public enum DefenseCost: Metric {
  public static let manifests = [
    MetricManifest(
      id: "defense.cost",
      definition: "final accuracy of the plain mean minus that of this defense, both without an"
        + " attack and with the same seed",
      unit: "fraction", range: "-1...1", better: .lower, gateTolerance: 0.01)
  ]

  public static func evaluate(_ evidence: TrialEvidence) -> [String: MetricOutcome] {
    ["defense.cost": outcome(evidence)]
  }

  private static func outcome(_ evidence: TrialEvidence) -> MetricOutcome {
    guard let defended = evidence.twin?.finalEvaluation else { return .absent(Absence.noTwin) }
    guard let plain = evidence.undefendedTwin?.finalEvaluation else {
      return .absent("the plain mean without an attack was not run")
    }
    return .value(plain.accuracy - defended.accuracy)
  }
}
