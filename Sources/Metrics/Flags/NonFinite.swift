public import Simulation

/// A trial in which some update was dropped because it was not finite.
public enum NonFinite: ReliabilityFlag {
  public static let id = "non-finite"
  public static let definition = "some update was dropped because it was not finite"

  public static func isRaised(by evidence: TrialEvidence, facts: FlagFacts) -> Bool {
    evidence.trial.rounds.contains { $0.droppedCount > 0 }
  }
}
