import Datasets
import Federation
import Kernels
import Tensors

/// The clients of a trial, as the loop sees them: they fill the rows of a round.
protocol ClientTrainer: Sendable {
  /// The data of controlled clients while they act, where they are here and an attack changes them once
  /// for the run.
  var poisoned: [ClientID: Shard] { get }

  /// What clients remember between rounds; `nil` where they remember nothing, or not here.
  var momentum: WorkerMomentum? { get }

  /// Trains every participant.
  ///
  /// - Parameters:
  ///   - updates: One row per participant, written in place.
  ///   - clients: The client of each row.
  ///   - isActing: Whether it acts as the attack says.
  ///   - round: The round.
  ///   - global: The global parameters.
  ///   - attacks: How acting clients train.
  /// - Returns: The gradients of single examples that each client took.
  /// - Throws: ``RoundFailure`` where a trainer in another process could not.
  func run(
    into updates: inout Matrix<Float>, clients: [ClientID], isActing: [Bool], round: Int,
    global: [Float], attacks: AttackGroups
  ) throws(RoundFailure) -> [Int]

  /// Returns the gradients of single examples that an honest client takes in a round.
  func honestGradientCount(of client: ClientID, round: Int) -> Int
}
