public import Simulation

/// A cell with too few seeds for its means and intervals to say much.
public enum FewSeeds: ReliabilityFlag {
  public static let id = "few-seeds"
  public static let definition = "fewer than 5 seeds: means and intervals say little"

  public static func isRaised(by evidence: TrialEvidence, facts: FlagFacts) -> Bool {
    facts.seedCount < 5
  }
}
