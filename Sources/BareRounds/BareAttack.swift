public import Components
public import Determinism
import Federation
public import Kernels
public import Tensors
import Training

/// An attack on updates, told the number of rows that it makes, round after round.
///
/// What it remembers of earlier rounds it remembers here as in a run, and so does the defense that it
/// rehearses; a copy is a snapshot.
public struct BareAttack: Sendable {
  private var attack: any Attack
  /// The defense that it rehearses, with what that remembers.
  private var rehearsed: DefensePipeline?
  private let id: ComponentID
  private let attackerCount: Int
  private let honestCount: Int
  private let columnCount: Int
  private let roundCount: Int
  private let seed: SeedPath

  /// Whether it rehearses the defense, which then has to be known.
  public var rehearses: Bool { attack.threatModel.knowledge >= .defense }

  /// Builds an attack by `attackerCount` clients on `honestCount` others.
  ///
  /// `roundCount` is for those that ask how many rounds there will be.
  ///
  /// - Throws: Why it cannot work on so many.
  public init(
    _ expression: AttackExpression, attackerCount: Int, honestCount: Int, columnCount: Int,
    roundCount: Int = 1, seed: UInt64
  ) throws(ConfigurationError) {
    id = expression.entry.manifest.id
    self.attackerCount = attackerCount
    self.honestCount = honestCount
    self.columnCount = columnCount
    self.roundCount = roundCount
    self.seed = SeedPath(root: seed)
    attack = try expression.entry.make(
      expression.arguments,
      AttackSetup(
        participantCount: honestCount + attackerCount, roundCount: roundCount, classCount: 2,
        shape: .vector(columnCount), layout: ParameterLayout([]), serverRate: 1, schedule: nil,
        seed: self.seed))
  }

  /// Makes the malicious rows of a round.
  ///
  /// A defense with a memory is rehearsed with that: after each round it is shown the honest rows and
  /// those that were made, which is what the server gets.
  ///
  /// - Parameters:
  ///   - own: What the attackers trained, one row each; `nil`: attacker `i` trained what honest client
  ///     `i`, modulo their number, did.
  ///   - honest: The honest updates, all finite; client `i` sent row `i`.
  ///   - defense: What an attack that rehearses it may try, made for all rows; the same in every round.
  ///   - global: The global parameters that the round started from; empty where nobody knows them.
  ///   - rootUpdate: What the server's own data gives, for a defense that needs it.
  ///   - number: The number of the round, from 0 on; rounds ascend.
  ///   - pool: The threads; the result does not depend on them.
  /// - Returns: The rows, and figures such as a strength that was found.
  /// - Throws: `BareRoundError` where a matrix does not fit, or a defense is needed and missing; what
  ///   the attack remembers is as before then.
  public mutating func craft(
    own: Matrix<Float>? = nil, honest: Matrix<Float>, defense: DefenseExpression? = nil,
    global: [Float] = [], rootUpdate: [Float]? = nil, number: Int = 0, pool: WorkPool
  ) throws -> (rows: Matrix<Float>, figures: [String: Double]) {
    try check(own: own, honest: honest, global: global, number: number, pool: pool)
    let n = honestCount + attackerCount
    guard !rehearses || defense != nil else {
      throw BareRoundError("\(id): rehearses the defense, and none is given")
    }
    var next = self
    var stage: Rehearsal?
    if let defense {
      stage = try next.rehearsal(defense, honest, global, rootUpdate, number, pool)
    }
    var rows = own ?? Matrix(rowCount: attackerCount, columnCount: columnCount)
    if own == nil {
      for row in 0..<attackerCount { rows.setRow(row, toRow: row % honestCount, of: honest) }
    }
    if !global.isEmpty {
      next.attack.observe(Broadcast(round: number, global: global, isActing: true))
    }
    let view = AttackerView(
      round: number, global: global,
      clients: (0..<attackerCount).map { ClientID(honestCount + $0) },
      participantCount: n, weightShare: Double(attackerCount) / Double(n),
      honest: attack.threatModel.knowledge >= .honestUpdates ? HonestUpdates(honest) : nil,
      probe: stage?.probe, pool: pool)
    var random = seed.child("craft").child(number).stream()
    let figures = next.attack.craft(&rows, view, random: &random)
    if let failure = next.attack.failure { throw BareRoundError(failure.reason) }
    if let stage, defense?.isStateful ?? false { next.show(rows, stage) }
    self = next
    return (rows, figures)
  }

  private func check(
    own: Matrix<Float>?, honest: Matrix<Float>, global: [Float], number: Int, pool: WorkPool
  ) throws(BareRoundError) {
    guard number >= 0 else { throw BareRoundError("round \(number) is before round 0") }
    guard global.isEmpty || global.count == columnCount && global.allSatisfy(\.isFinite) else {
      throw BareRoundError(
        "the global model has to be \(columnCount) finite values, one for each column")
    }
    guard honest.rowCount == honestCount, honest.columnCount == columnCount else {
      throw BareRoundError(
        "the honest updates are \(honest.rowCount) x \(honest.columnCount), and the attack was made "
          + "for \(honestCount) x \(columnCount)")
    }
    if let bad = NonFiniteRows.found(in: honest, pool: pool).first {
      throw BareRoundError("row \(bad) has values that are not finite; an honest row has none")
    }
    guard let own else { return }
    guard own.rowCount == attackerCount, own.columnCount == columnCount else {
      throw BareRoundError(
        "the attackers' own updates are \(own.rowCount) x \(own.columnCount), not \(attackerCount) "
          + "x \(columnCount)")
    }
    if let bad = NonFiniteRows.found(in: own, pool: pool).first {
      throw BareRoundError("row \(bad) of the attackers' own has values that are not finite")
    }
  }

}

// MARK: - Rehearsals

extension BareAttack {
  /// A round as the defense will see it, with room for the rows to come.
  private struct Rehearsal {
    let updates: UpdateMatrix
    let context: RoundContext
    let probe: DefenseProbe
  }

  /// A rehearsal of the defense on the honest rows and as many more as there are attackers.
  private mutating func rehearsal(
    _ expression: DefenseExpression, _ honest: Matrix<Float>, _ global: [Float],
    _ rootUpdate: [Float]?, _ number: Int, _ pool: WorkPool
  ) throws -> Rehearsal? {
    let n = honestCount + attackerCount
    if rehearsed == nil {
      let (stages, rule) = try expression.make(
        DefenseSetup(participantCount: n, clientCount: n, roundCount: roundCount))
      rehearsed = rule.map { DefensePipeline(stages: stages, rule: $0) }
    }
    guard let rehearsed else { return nil }
    if rootUpdate == nil, let reader = expression.rootReader {
      throw BareRoundError("\(reader): needs what the server's own data gives")
    }
    var rows = honest
    rows.resize(rowCount: n)
    let updates = UpdateMatrix(rows)
    let context = RoundContext(
      round: number, global: global, rootUpdate: rootUpdate,
      seed: seed.child("defense").child(number), pool: pool)
    return Rehearsal(
      updates: updates, context: context,
      probe: DefenseProbe(
        of: rehearsed, updates: updates, rows: Array(honestCount..<n), context: context))
  }

  /// Lets the rehearsed defense remember the round.
  ///
  /// Rows that the server would leave out are left out; where the defense fails on the rest it
  /// remembers nothing of the round.
  private mutating func show(_ crafted: Matrix<Float>, _ rehearsal: Rehearsal) {
    var updates = rehearsal.updates
    for row in 0..<attackerCount {
      updates.values.setRow(honestCount + row, toRow: row, of: crafted)
    }
    let kept = (0..<updates.rowCount).filter { updates.values.isFinite(row: $0) }
    if kept.count < updates.rowCount {
      let finite = Matrix<Float>(rows: kept.map { updates.values.row($0) })
      updates = UpdateMatrix(
        values: finite, provenance: kept.map { updates.provenance[$0] },
        weights: .init(repeating: 1 / Double(kept.count), count: kept.count))
    }
    var after = rehearsed
    guard (try? after?.aggregate(&updates, in: rehearsal.context)) != nil else { return }
    rehearsed = after
  }
}
