public import Determinism
import Kernels
import Tensors

/// What the attacker sees after local training and before submission.
///
/// Matrices are shared with the engine, not copied; drop the view before the rows are written.
public struct AttackerView: Sendable {
  public let round: Int
  /// The global parameters, d values; empty on a bare matrix.
  public let global: [Float]
  /// The controlled clients that act, in the order of the rows to craft.
  public let clients: [ClientID]
  /// The number of submissions in this round, controlled ones included.
  public let participantCount: Int
  /// The summed weight of the controlled clients' rows in a weighted average; f/n if uniform.
  public let weightShare: Double
  /// The honest updates, where the threat model grants them.
  public let honest: HonestUpdates?
  /// A rehearsal of the defense, where the threat model grants it and the defense can be copied.
  public let probe: DefenseProbe?
  /// The threads a kernel may use; results do not depend on their number.
  public let pool: WorkPool

  public init(
    round: Int, global: [Float], clients: [ClientID], participantCount: Int, weightShare: Double,
    honest: HonestUpdates?, probe: DefenseProbe? = nil, pool: WorkPool = WorkPool(width: 1)
  ) {
    self.round = round
    self.global = global
    self.clients = clients
    self.participantCount = participantCount
    self.weightShare = weightShare
    self.honest = honest
    self.probe = probe
    self.pool = pool
  }
}
