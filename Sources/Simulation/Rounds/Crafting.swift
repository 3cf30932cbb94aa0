import Determinism
import Federation
import Tensors
import Training

/// The attacker's part of a round: the rows of acting clients are replaced.
struct Crafting: Sendable {
  private let context: TrialContext
  private var rows: Matrix<Float>
  /// What the attack recorded last; `rehearsed` is the number of rounds in which it could rehearse
  /// the defense.
  private(set) var figures: [String: Double] = [:]

  init(_ context: TrialContext) {
    self.context = context
    rows = Matrix(rowCount: 0, columnCount: context.task.model.layout.count)
  }

  /// Lets the attack replace rows.
  ///
  /// - Parameters:
  ///   - updates: All rows of the round; those of acting clients are rewritten.
  ///   - clients: The client of each row.
  ///   - acting: The rows of acting clients, ascending; at least one.
  ///   - round: The round, as the defense will see it.
  ///   - attack: The attack.
  ///   - defense: The defense before the round, which an attack that knows it may rehearse.
  /// - Returns: The rows of all rehearsals together.
  mutating func run(
    on updates: inout Matrix<Float>, clients: [ClientID], acting: [Int], round: RoundContext,
    attack: inout AttackPipeline, defense: DefensePipeline
  ) -> Int {
    // What only poisons data or trains leaves the rows as they are.
    let threatModel = attack.threatModel
    guard threatModel.surface.contains(.update) else { return 0 }
    let weights = context.weights(of: clients)
    let knowledge =
      context.scenario.threat.knowledge == .full ? threatModel.knowledge : .ownClients
    let seed = context.seed.child("craft").child(round.round)
    let isRowByRow = attack.craftsRowByRow && knowledge == .ownClients
    let groups = isRowByRow ? acting.map { [$0] } : [acting]
    let rehearsals = RehearsalCounter()
    var hasRehearsed = false
    do {
      let view = AttackerView(
        round: round.round, global: round.global, clients: acting.map { clients[$0] },
        participantCount: clients.count, weightShare: acting.reduce(0) { $0 + weights[$1] },
        honest: knowledge >= .honestUpdates ? honest(updates, clients) : nil,
        probe: knowledge >= .defense
          ? probe(
            updates, clients, acting, weights, round.with(seed: seed.child("rehearsal")), defense,
            rehearsals)
          : nil,
        pool: context.pool)
      hasRehearsed = view.probe != nil
      for group in groups {
        rows.resize(rowCount: group.count)
        for (slot, row) in group.enumerated() { rows.setRow(slot, toRow: row, of: updates) }
        figures.merge(attack.craft(&rows, view, seed: seed)) { _, new in new }
        guard isRowByRow else { break }
        updates.setRow(group[0], toRow: 0, of: rows)
      }
    }
    if hasRehearsed { figures["rehearsed", default: 0] += 1 }
    guard !isRowByRow else { return rehearsals.rowCount }
    for (slot, row) in acting.enumerated() { updates.setRow(row, toRow: slot, of: rows) }
    return rehearsals.rowCount
  }

  private func honest(_ updates: Matrix<Float>, _ clients: [ClientID]) -> HonestUpdates {
    let rows = clients.indices.filter {
      !context.isControlled(clients[$0]) && updates.isFinite(row: $0)
    }
    return HonestUpdates(all: updates, rows: rows, clients: rows.map { clients[$0] })
  }

  /// A rehearsal on the rows of the round; `nil` where the defense cannot be copied, or a row is not
  /// finite, which the server would remove first.
  private func probe(
    _ updates: Matrix<Float>, _ clients: [ClientID], _ acting: [Int], _ weights: [Double],
    _ round: RoundContext, _ defense: DefensePipeline, _ rehearsals: RehearsalCounter
  ) -> DefenseProbe? {
    guard defense.isCopyable, (0..<updates.rowCount).allSatisfy({ updates.isFinite(row: $0) })
    else { return nil }
    let all = UpdateMatrix(
      values: updates, provenance: context.provenance(of: clients), weights: weights)
    return DefenseProbe(
      of: defense, updates: all, rows: acting, context: round, counter: rehearsals)
  }
}
