import Datasets
public import Federation
public import Kernels
public import Tensors

/// What reaches the server in a round, before anything is taken out: what a rule can be replayed on.
public struct ReceivedRows: Sendable {
  /// One row per client in ascending order of ``names``, values that are not finite included.
  public let updates: Matrix<Float>
  /// The client of each row.
  public let clients: [ClientID]
  /// The ids under which the defense knows them.
  public let names: [ClientID]
  /// The number of training examples of each.
  public let sampleCounts: [Int]
  /// How much each counts in an average, not yet divided by the sum over the rows that are left.
  public let weights: [Int]
  /// Whether an attack controls the client of each row.
  public let isControlled: [Bool]
  /// Whether it acts as the attack says in this round, as the scenario declares it.
  public let isActing: [Bool]
  /// The global parameters that the round started from.
  public let global: [Float]
  /// What the server trained on its own data; `nil` where it has none.
  public let rootUpdate: [Float]?
}

extension TrialContext {
  /// Takes down what reaches the server; the matrix is shared, not copied.
  func received(
    _ updates: Matrix<Float>, of clients: [ClientID], round: Int, global: [Float],
    rootUpdate: [Float]?
  ) -> ReceivedRows {
    let sampleCounts = clients.map { data.exampleCounts[$0.index] }
    let weights: [Int] =
      switch scenario.server.weighting {
      case .uniform: clients.map { _ in 1 }
      case .samples(let cap): sampleCounts.map { min($0, cap ?? .max) }
      }
    return ReceivedRows(
      updates: updates, clients: clients, names: clients.map { names.opaque($0) },
      sampleCounts: sampleCounts, weights: weights,
      isControlled: clients.map { isControlled($0) },
      isActing: clients.map { isDeclaredActing($0, round: round) }, global: global,
      rootUpdate: rootUpdate)
  }
}
