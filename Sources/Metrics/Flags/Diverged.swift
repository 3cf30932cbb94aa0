public import Simulation

/// A trial whose global model became non-finite.
public enum Diverged: ReliabilityFlag {
  public static let id = "diverged"
  public static let definition = "some global parameter became non-finite"

  public static func isRaised(by evidence: TrialEvidence, facts: FlagFacts) -> Bool {
    evidence.trial.isDiverged
  }
}
