public import Simulation

/// A defense that keeps state between rounds, so that its rounds are not independent.
public enum Stateful: ReliabilityFlag {
  public static let id = "stateful"
  public static let definition = "the defense keeps state between rounds"

  public static func isRaised(by evidence: TrialEvidence, facts: FlagFacts) -> Bool {
    facts.isStateful
  }
}
