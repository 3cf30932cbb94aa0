public import Simulation

/// A defense whose answer depends on the order of the rows.
public enum OrderDependent: ReliabilityFlag {
  public static let id = "order-dependent"
  public static let definition = "permuting the rows changed the aggregate beyond rounding"

  public static func isRaised(by evidence: TrialEvidence, facts: FlagFacts) -> Bool {
    facts.isOrderDependent
  }
}
