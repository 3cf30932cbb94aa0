import Federation
import Simulation

/// Slack of comparisons with a threshold.
///
/// Rates are quotients of counts, so a difference that equals a threshold on paper misses it by
/// rounding; two different differences of counts are never this close.
let comparisonSlack = 1e-9

extension TrialTrace {
  /// The accuracy on the clean test set after each round; `nil` where some round was not evaluated.
  var accuracyCurve: [Double]? {
    let curve = rounds.compactMap { $0.evaluation?.accuracy }
    return curve.count == rounds.count ? curve : nil
  }

  /// Returns the attack success rate after each round from `start` on; `nil` where it was not
  /// evaluated in all of them.
  func successCurve(of backdoor: Backdoor, from start: Int = 0) -> [Double]? {
    let part = rounds[min(start, rounds.count)...]
    let curve = part.compactMap { $0.evaluation?.attackSuccessRate(of: backdoor) }
    return curve.count == part.count && !curve.isEmpty ? curve : nil
  }

  /// Returns the attack success rate after one round.
  func successRate(of backdoor: Backdoor, after round: Int) -> Double? {
    rounds[round].evaluation?.attackSuccessRate(of: backdoor)
  }

  /// Why a figure that needs the evaluation of every round does not exist; `nil` if it can.
  var absenceOfCurves: String? {
    rounds.contains { $0.evaluation == nil } ? Absence.sparse : nil
  }

  /// The evaluation at the end of the window.
  var stopEvaluation: Evaluation? { lastWindowRound.flatMap { rounds[$0].evaluation } }

  /// The evaluation after the last round.
  var finalEvaluation: Evaluation? { rounds.last?.evaluation }
}

/// Returns the first index from `start` on at which `isInside` holds for `length` entries.
func firstStay(in isInside: [Bool], from start: Int, length: Int) -> Int? {
  var run = 0
  for index in start..<max(start, isInside.count) {
    run = isInside[index] ? run + 1 : 0
    if run == length { return index - length + 1 }
  }
  return nil
}
