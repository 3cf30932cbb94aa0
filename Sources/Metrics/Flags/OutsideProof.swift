public import Simulation

/// A defense that ran although a precondition that its proof needs was relaxed and does not hold.
public enum OutsideProof: ReliabilityFlag {
  public static let id = "outside-proof"
  public static let definition =
    "the defense ran with fewer submissions than its proof needs, because 'relax' allowed it"

  public static func isRaised(by evidence: TrialEvidence, facts: FlagFacts) -> Bool {
    facts.isOutsideProof
  }
}
