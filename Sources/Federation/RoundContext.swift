public import Determinism

/// Facts of one round, the same for every stage of a defense.
public struct RoundContext: Sendable {
  public let round: Int
  /// The global parameters that the round started from, d values; empty on a bare matrix.
  public let global: [Float]
  /// The stream path of the defense in this round.
  public let seed: SeedPath
  /// The threads a kernel may use; results do not depend on their number.
  public let pool: WorkPool

  public init(round: Int, global: [Float], seed: SeedPath, pool: WorkPool) {
    self.round = round
    self.global = global
    self.seed = seed
    self.pool = pool
  }
}
