/// How a gate ends; the raw value is the exit code.
public enum GateOutcome: Int, Hashable, Sendable, CaseIterable {
  case passed = 0
  /// A regression, or a claim that is broken or void.
  case regressed = 2
  /// Something is inconclusive, or there are warnings, and that was not to pass.
  case uncertain = 3
  /// Only improvements, and they were not to pass: the baseline is stale.
  case improved = 4
  /// Nothing, or not everything, could be compared.
  case incomplete = 5
}

extension GateReport {
  /// The outcome, the hardest that applies: a regression before gaps, gaps before doubts.
  ///
  /// - Parameters:
  ///   - strict: Inconclusive checks and claims, and warnings, do not pass.
  ///   - failOnImprovement: Improvements do not pass.
  /// - Returns: the outcome, whose raw value is the exit code.
  public func outcome(strict: Bool = false, failOnImprovement: Bool = false) -> GateOutcome {
    if count(.regression) > 0 || !brokenClaims.isEmpty { return .regressed }
    let gaps =
      count(.missing) > 0 && policy.missing == .fail || count(.incomparable) > 0
      || claims.contains { $0.verdict == .missing } || !extraCells.isEmpty && policy.extra == .fail
    if comparedCount == 0 || gaps { return .incomplete }
    let doubts =
      count(.inconclusive) > 0
      || claims.contains { $0.verdict == .inconclusive && !$0.isKnownToFail }
    if doubts && (strict || policy.inconclusive == .fail) { return .uncertain }
    let warned =
      !warnings.isEmpty || count(.missing) > 0 || (!extraCells.isEmpty && policy.extra == .warn)
    if warned && strict { return .uncertain }
    if failOnImprovement && count(.improved) > 0 { return .improved }
    return .passed
  }
}
