public import Simulation

/// A defense that was told the exact number of attackers, which nobody knows in practice.
public enum OracleCount: ReliabilityFlag {
  public static let id = "oracle-f"
  public static let definition = "the defense was told the exact number of attackers"

  public static func isRaised(by evidence: TrialEvidence, facts: FlagFacts) -> Bool {
    facts.knowsExactCount
  }
}
