/// What the server sends to everybody at the start of a round.
public struct Broadcast: Sendable {
  public let round: Int
  /// The global parameters, d values.
  public let global: [Float]
  /// Whether some controlled client acts in this round.
  public let isActing: Bool

  public init(round: Int, global: [Float], isActing: Bool) {
    self.round = round
    self.global = global
    self.isActing = isActing
  }
}
