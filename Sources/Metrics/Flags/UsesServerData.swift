public import Simulation

/// A defense that uses clean data held by the server.
public enum UsesServerData: ReliabilityFlag {
  public static let id = "uses-server-data"
  public static let definition = "the defense uses clean data that the server holds"

  public static func isRaised(by evidence: TrialEvidence, facts: FlagFacts) -> Bool {
    facts.usesServerData
  }
}
