public import Simulation

/// A cell with too few seeds for its means and intervals to say much.
public enum FewSeeds: ReliabilityFlag {
  public static let id = "few-seeds"
  public static let definition = "fewer than 5 seeds: means and intervals say little"

  public static func isRaised(by evidence: TrialEvidence, facts: FlagFacts) -> Bool {
    facts.seedCount < leastCount
  }

  /// The flags of a recorded trial, after runs with other seeds were added to its cell or joined.
  ///
  /// This flag alone depends on other trials of its cell. The order of the others stays.
  public static func revised(_ flags: [String], seedCount: Int) -> [String] {
    let others = flags.filter { $0 != id }
    return seedCount < leastCount ? (others + [id]).sorted() : others
  }

  private static let leastCount = 5
}
