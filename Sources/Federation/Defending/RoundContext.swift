public import Determinism

/// Facts of one round, the same for every component of a defense but for its stream.
public struct RoundContext: Sendable {
  public let round: Int
  /// The global parameters that the round started from, d values; empty on a bare matrix.
  public let global: [Float]
  /// What the server trained on its root data from ``global``, by the procedure of the clients;
  /// `nil` unless a component of the defense needs it.
  public let rootUpdate: [Float]?
  /// The stream path of the component in this round.
  public let seed: SeedPath
  /// The threads a kernel may use; results do not depend on their number.
  public let pool: WorkPool

  public init(
    round: Int, global: [Float], rootUpdate: [Float]? = nil, seed: SeedPath, pool: WorkPool
  ) {
    self.round = round
    self.global = global
    self.rootUpdate = rootUpdate
    self.seed = seed
    self.pool = pool
  }

  /// The same round for the component at a position of the pipeline.
  func component(_ position: Int) -> RoundContext { with(seed: seed.child(position)) }

  /// The same round with another stream path.
  public func with(seed: SeedPath) -> RoundContext {
    RoundContext(round: round, global: global, rootUpdate: rootUpdate, seed: seed, pool: pool)
  }
}
