/// Why an attack could not do its part of a round.
public struct AttackFailure: Error, Sendable, Equatable {
  public let reason: String
  /// Whether what it remembered is lost, so that the trial may be run again from its start.
  public let isInterruption: Bool

  public init(reason: String, isInterruption: Bool) {
    self.reason = reason
    self.isInterruption = isInterruption
  }
}
