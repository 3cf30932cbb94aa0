public import Simulation

/// A defense that no attack of the scenario was tuned against.
public enum NotAdaptive: ReliabilityFlag {
  public static let id = "not-adaptive"
  public static let definition = "no attack of the scenario was tuned against this defense"

  public static func isRaised(by evidence: TrialEvidence, facts: FlagFacts) -> Bool {
    !facts.hasAdaptiveAttack
  }
}
