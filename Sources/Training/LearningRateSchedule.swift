import Determinism

/// How the learning rate changes over rounds, as a factor of its start value.
public enum LearningRateSchedule: Sendable, Hashable {
  case constant
  /// Multiplied by `factor` after every `every` rounds.
  case step(every: Int, factor: Double)
  /// Half a cosine from 1 in round 0 towards `end` after the last round.
  case cosine(end: Double)
  /// A straight line from 1 in round 0 towards `end` after the last round.
  case linear(end: Double)

  /// Returns the factor of one round.
  ///
  /// - Precondition: `0 <= round < rounds`
  public func factor(round: Int, of rounds: Int) -> Double {
    precondition(round >= 0 && round < rounds, "round \(round) of \(rounds)")
    let progress = Double(round) / Double(rounds)
    switch self {
    case .constant:
      return 1
    case .step(let every, let factor):
      return (0..<round / every).reduce(1.0) { product, _ in product * factor }
    case .cosine(let end):
      return end + (1 - end) * 0.5 * (1 + ElementaryFunctions.cos(.pi * progress))
    case .linear(let end):
      return 1 + (end - 1) * progress
    }
  }
}
