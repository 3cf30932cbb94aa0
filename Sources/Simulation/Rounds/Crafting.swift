import Determinism
import Federation
import Tensors
import Training

/// The attackers' part of a round: the rows of acting clients are replaced.
///
/// Several attacks craft at once: none sees, or rehearses with, what another one sends.
struct Crafting: Sendable {
  private let context: TrialContext
  /// The rows of each attack.
  private var rows: [Matrix<Float>] = []
  /// What the attack recorded last; `rehearsed` is the number of rounds in which it could rehearse
  /// the defense.
  private(set) var figures: [String: Double] = [:]

  init(_ context: TrialContext) {
    self.context = context
  }

  /// What is the same for all attacks of a round.
  private struct Round {
    let clients: [ClientID]
    let weights: [Double]
    let context: RoundContext
    let defense: DefensePipeline
    /// The path of what attacks draw.
    let seed: SeedPath
    /// Told of every rehearsal.
    let rehearsals = RehearsalCounter()
  }

  /// Passes over what the attack recorded.
  mutating func checkpoint(_ pass: inout CheckpointPass) { pass.visit(&figures) }

  /// Lets the attacks replace rows.
  ///
  /// - Parameters:
  ///   - updates: All rows of the round; those of acting clients are rewritten.
  ///   - clients: The client of each row.
  ///   - acting: The rows of acting clients, ascending; at least one.
  ///   - round: The round, as the defense will see it.
  ///   - attacks: The attacks.
  ///   - defense: The defense before the round, which an attack that knows it may rehearse.
  /// - Returns: The rows of all rehearsals of each attack.
  mutating func run(
    on updates: inout Matrix<Float>, clients: [ClientID], acting: [Int], round: RoundContext,
    attacks: inout AttackGroups, defense: DefensePipeline
  ) -> [Int] {
    let round = Round(
      clients: clients, weights: context.weights(of: clients), context: round, defense: defense,
      seed: context.seed.child("craft").child(round.round))
    while rows.count < attacks.groups.count {
      rows.append(Matrix(rowCount: 0, columnCount: updates.columnCount))
    }
    let acting = attacks.groups.indices.map { place in
      acting.filter { attacks.place(of: clients[$0]) == place }
    }
    let crafting = attacks.groups.indices.filter { place in
      // What only poisons data or trains leaves the rows as they are.
      !acting[place].isEmpty
        && attacks.groups[place].attack.threatModel.surface.contains(.update)
    }
    var hasRehearsed = false
    var rehearsed = [Int](repeating: 0, count: attacks.groups.count)
    for place in crafting where !isRowByRow(attacks.groups[place].attack) {
      let before = round.rehearsals.rowCount
      hasRehearsed = craft(place, acting[place], updates, round, &attacks) || hasRehearsed
      rehearsed[place] = round.rehearsals.rowCount - before
    }
    // These change the matrix at once, which the others have seen by now.
    for place in crafting where isRowByRow(attacks.groups[place].attack) {
      craftRowByRow(place, acting[place], &updates, round, &attacks)
    }
    for place in crafting where !isRowByRow(attacks.groups[place].attack) {
      for (slot, row) in acting[place].enumerated() {
        updates.setRow(row, toRow: slot, of: rows[place])
      }
    }
    if hasRehearsed { figures["rehearsed", default: 0] += 1 }
    return rehearsed
  }

  /// What an attack may know in this scenario.
  private func knowledge(_ attack: AttackPipeline) -> ThreatModel.Knowledge {
    context.scenario.threat.knowledge == .full ? attack.threatModel.knowledge : .ownClients
  }

  private func isRowByRow(_ attack: AttackPipeline) -> Bool {
    attack.craftsRowByRow && knowledge(attack) == .ownClients
  }

  /// Fills the rows of one attack; returns whether it could rehearse the defense.
  private mutating func craft(
    _ place: Int, _ acting: [Int], _ updates: Matrix<Float>, _ round: Round,
    _ attacks: inout AttackGroups
  ) -> Bool {
    let seed = Self.seed(of: place, round)
    let knowledge = knowledge(attacks.groups[place].attack)
    let view = view(
      acting, round, honest: knowledge >= .honestUpdates ? honest(updates, round.clients) : nil,
      probe: knowledge >= .defense
        ? probe(updates, acting, round, seed: seed.child("rehearsal")) : nil)
    rows[place].resize(rowCount: acting.count)
    for (slot, row) in acting.enumerated() { rows[place].setRow(slot, toRow: row, of: updates) }
    let own = attacks.withAttack(place) { $0.craft(&rows[place], view, seed: seed) }
    note(own, of: attacks.groups[place])
    return view.probe != nil
  }

  /// Changes the rows of one attack in place, one at a time, while they are close to the processor.
  private mutating func craftRowByRow(
    _ place: Int, _ acting: [Int], _ updates: inout Matrix<Float>, _ round: Round,
    _ attacks: inout AttackGroups
  ) {
    let seed = Self.seed(of: place, round)
    let view = view(acting, round, honest: nil, probe: nil)
    rows[place].resize(rowCount: 1)
    for row in acting {
      rows[place].setRow(0, toRow: row, of: updates)
      let own = attacks.withAttack(place) { $0.craft(&rows[place], view, seed: seed) }
      note(own, of: attacks.groups[place])
      updates.setRow(row, toRow: 0, of: rows[place])
    }
  }

  /// The first attack draws what it would draw alone, another one independently of it.
  private static func seed(of place: Int, _ round: Round) -> SeedPath {
    place == 0 ? round.seed : round.seed.child("group").child(place)
  }

  private mutating func note(_ own: [String: Double], of group: AttackGroups.Group) {
    for (figure, value) in own { figures[group.title(figure)] = value }
  }

  private func view(
    _ acting: [Int], _ round: Round, honest: HonestUpdates?, probe: DefenseProbe?
  ) -> AttackerView {
    AttackerView(
      round: round.context.round, global: round.context.global,
      clients: acting.map { round.clients[$0] }, participantCount: round.clients.count,
      weightShare: acting.reduce(0) { $0 + round.weights[$1] }, honest: honest, probe: probe,
      pool: context.pool)
  }

  /// The rows of clients that no attack controls.
  private func honest(_ updates: Matrix<Float>, _ clients: [ClientID]) -> HonestUpdates {
    let rows = clients.indices.filter {
      !context.isControlled(clients[$0]) && updates.isFinite(row: $0)
    }
    return HonestUpdates(all: updates, rows: rows, clients: rows.map { clients[$0] })
  }

  /// A rehearsal on the rows of the round; `nil` where the defense cannot be copied, or a row is not
  /// finite, which the server would remove first.
  private func probe(
    _ updates: Matrix<Float>, _ acting: [Int], _ round: Round, seed: SeedPath
  ) -> DefenseProbe? {
    guard round.defense.isCopyable,
      (0..<updates.rowCount).allSatisfy({ updates.isFinite(row: $0) })
    else { return nil }
    let all = UpdateMatrix(
      values: updates, provenance: context.provenance(of: round.clients), weights: round.weights)
    return DefenseProbe(
      of: round.defense, updates: all, rows: acting, context: round.context.with(seed: seed),
      counter: round.rehearsals)
  }
}
