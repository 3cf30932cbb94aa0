import Determinism
import Federation
import Kernels
import Simulation
import Tensors

/// The rows of a round as a server goes on with them: without those that are not finite.
struct ReplayRows {
  let updates: Matrix<Float>
  let clients: [ClientID]
  let weights: [Double]
  let isControlled: [Bool]
  let isActing: [Bool]
  let dropped: [ClientID]
  let droppedControlled: [ClientID]
  let droppedActing: [ClientID]

  /// - Parameters:
  ///   - round: The round.
  ///   - clients: The clients of its rows.
  ///   - honestOnly: Whether the rows of controlled clients are left out.
  init(_ round: DumpRound, clients: [ClientID], honestOnly: Bool) {
    var updates = round.updates
    let isControlled = round.isControlled
    let isActing = round.isActing
    let present = clients.indices.filter { !honestOnly || !isControlled[$0] }
    let kept = present.filter { updates.isFinite(row: $0) }
    let keptRows = Set(kept)
    let bad = present.filter { !keptRows.contains($0) }
    if kept.count < clients.count {
      updates.removeRows(Set(clients.indices.filter { !keptRows.contains($0) }))
    }
    self.updates = updates
    self.clients = kept.map { clients[$0] }
    let weights = kept.map { round.meta.weights?[$0] ?? 1 }
    // As the engine does: each by the sum over the rows that are left.
    let total = weights.reduce(0, +)
    self.weights = weights.map { total > 0 ? $0 / total : 1 / Double(kept.count) }
    self.isControlled = kept.map { isControlled[$0] }
    self.isActing = kept.map { isActing[$0] }
    dropped = bad.map { clients[$0] }.sorted()
    droppedControlled = bad.filter { isControlled[$0] }.map { clients[$0] }.sorted()
    droppedActing = bad.filter { isActing[$0] }.map { clients[$0] }.sorted()
  }

  /// What meters see of the round; `outcome` is what a defense made of it.
  func observation(
    round: Int, isInWindow: Bool, outcome: DefensePipeline.Outcome?, pool: WorkPool
  ) -> RoundObservation {
    RoundObservation(
      round: round, isInWindow: isInWindow, updates: updates, clients: clients, weights: weights,
      isControlled: isControlled, isActing: isActing, dropped: dropped,
      droppedControlled: droppedControlled, droppedActing: droppedActing,
      verdicts: outcome?.verdicts ?? [:], aggregate: outcome?.update,
      report: outcome?.report ?? [:],
      evaluation: nil, localAccuracy: nil, seconds: RoundSeconds(), pool: pool)
  }
}
