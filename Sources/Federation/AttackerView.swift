public import Kernels
public import Tensors

/// What the attacker sees after local training and before submission.
///
/// Matrices are shared with the engine, not copied; drop the view before the rows are written.
public struct AttackerView: Sendable {
  public let round: Int
  /// The global parameters, d values; empty on a bare matrix.
  public let global: [Float]
  /// The controlled clients that take part, in the order of the rows to craft.
  public let clients: [ClientID]
  /// The number of submissions in this round, controlled ones included.
  public let participantCount: Int
  /// The summed weight of the controlled clients' rows in a weighted average; f/n if uniform.
  public let weightShare: Double
  /// The honest updates, where the threat model grants them.
  public let honest: HonestUpdates?

  public init(
    round: Int, global: [Float], clients: [ClientID], participantCount: Int, weightShare: Double,
    honest: HonestUpdates?
  ) {
    self.round = round
    self.global = global
    self.clients = clients
    self.participantCount = participantCount
    self.weightShare = weightShare
    self.honest = honest
  }
}

/// The honest rows of the round's matrix.
public struct HonestUpdates: Sendable {
  /// All rows of the round; those of controlled clients hold what they trained, not what they send.
  public let all: Matrix<Float>
  /// The honest rows of ``all``, ascending.
  public let rows: [Int]

  public init(all: Matrix<Float>, rows: [Int]) {
    self.all = all
    self.rows = rows
  }
}
