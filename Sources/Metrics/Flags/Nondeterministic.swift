public import Simulation

/// A defense whose answer to the same rows differs from call to call.
public enum Nondeterministic: ReliabilityFlag {
  public static let id = "nondeterministic"
  public static let definition = "the same call of the defense gave different bits"

  public static func isRaised(by evidence: TrialEvidence, facts: FlagFacts) -> Bool {
    facts.isNondeterministic
  }
}
