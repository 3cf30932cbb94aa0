public import Simulation

/// A defense under which the model learns next to nothing, so that a low attack success rate means
/// nothing.
///
/// Raised where the clean twin's accuracy at the end of the window (after the last round where the
/// window is empty) is below chance + 0.1, with chance = 1 / classes. Not raised without a twin.
public enum UtilityCollapse: ReliabilityFlag {
  static let margin = 0.1

  public static let id = "utility-collapse"
  public static let definition =
    "without an attack the accuracy under this defense is below 1 / classes + 0.1 at the end of the"
    + " window"

  public static func isRaised(by evidence: TrialEvidence, facts: FlagFacts) -> Bool {
    guard let twin = evidence.twin,
      let evaluation = twin.stopEvaluation ?? twin.finalEvaluation
    else { return false }
    return evaluation.accuracy < 1 / Double(max(twin.classCount, 1)) + margin - comparisonSlack
  }
}
