import Federation
public import Simulation

/// An attack that hardly hurts the plain mean, so that surviving it proves nothing.
///
/// Raised where, at the end of the window and against the plain mean's clean twin, accuracy drops
/// by less than 0.02, the excess attack success rate is below 0.05, and the recall of the attack's
/// source class, if it has one, drops by less than 0.05. An empty window raises it. Not raised
/// under the attack `none`, nor where the plain mean was not run.
public enum AttackIneffective: ReliabilityFlag {
  static let minimalDrop = 0.02
  static let minimalExcess = 0.05
  static let minimalSourceDrop = 0.05

  public static let id = "attack-ineffective"
  public static let definition =
    "under the plain mean the attack loses less than 0.02 of accuracy, gains less than 0.05 of"
    + " attack success rate and loses less than 0.05 of its source class at the end of the window"

  public static func isRaised(by evidence: TrialEvidence, facts: FlagFacts) -> Bool {
    guard evidence.trial.goal != .none, let attacked = evidence.undefended,
      let clean = evidence.undefendedTwin
    else { return false }
    guard let after = attacked.stopEvaluation, let before = clean.stopEvaluation else {
      return true
    }
    if isAtLeast(before.accuracy - after.accuracy, minimalDrop) { return false }
    if let backdoor = attacked.backdoor, let rate = after.attackSuccessRate(of: backdoor),
      let base = before.attackSuccessRate(of: backdoor), isAtLeast(rate - base, minimalExcess)
    {
      return false
    }
    if let source = attacked.goal.sourceClass, let recall = after.recall(of: source),
      let base = before.recall(of: source), isAtLeast(base - recall, minimalSourceDrop)
    {
      return false
    }
    return true
  }

  private static func isAtLeast(_ value: Double, _ threshold: Double) -> Bool {
    value >= threshold - comparisonSlack
  }
}
