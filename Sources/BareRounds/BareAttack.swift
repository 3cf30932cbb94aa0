public import Components
public import Determinism
import Federation
public import Kernels
public import Tensors
import Training

/// An attack on updates, told the number of rows that it makes.
public struct BareAttack: Sendable {
  private var attack: any Attack
  private let id: ComponentID
  private let attackerCount: Int
  private let honestCount: Int
  private let columnCount: Int
  private let seed: SeedPath

  /// Whether it rehearses the defense, which then has to be known.
  public var rehearses: Bool { attack.threatModel.knowledge >= .defense }

  /// Builds an attack by `attackerCount` clients on `honestCount` others.
  ///
  /// - Throws: Why it cannot work on so many.
  public init(
    _ expression: AttackExpression, attackerCount: Int, honestCount: Int, columnCount: Int,
    seed: UInt64
  ) throws(ConfigurationError) {
    id = expression.entry.manifest.id
    self.attackerCount = attackerCount
    self.honestCount = honestCount
    self.columnCount = columnCount
    self.seed = SeedPath(root: seed)
    attack = try expression.entry.make(
      expression.arguments,
      AttackSetup(
        participantCount: honestCount + attackerCount, classCount: 2, shape: .vector(columnCount),
        layout: ParameterLayout([]), serverRate: 1, schedule: nil, seed: self.seed))
  }

  /// Makes the malicious rows of a round.
  ///
  /// - Parameters:
  ///   - own: What the attackers trained, one row each; `nil`: attacker `i` trained what honest client
  ///     `i`, modulo their number, did.
  ///   - honest: The honest updates, all finite.
  ///   - defense: What an attack that rehearses it may try, made for all rows.
  ///   - global: The global parameters that the round started from; empty where nobody knows them.
  ///   - rootUpdate: What the server's own data gives, for a defense that needs it.
  ///   - pool: The threads; the result does not depend on them.
  /// - Returns: The rows, and figures such as a strength that was found.
  /// - Throws: `BareRoundError` where a matrix does not fit, or a defense is needed and missing.
  public mutating func craft(
    own: Matrix<Float>? = nil, honest: Matrix<Float>, defense: DefenseExpression? = nil,
    global: [Float] = [], rootUpdate: [Float]? = nil, pool: WorkPool
  ) throws -> (rows: Matrix<Float>, figures: [String: Double]) {
    try check(own: own, honest: honest, global: global, pool: pool)
    let n = honestCount + attackerCount
    guard !rehearses || defense != nil else {
      throw BareRoundError("\(id): rehearses the defense, and none is given")
    }
    let probe = try defense.map { try self.probe($0, honest, global, rootUpdate, pool) } ?? nil
    var rows = own ?? Matrix(rowCount: attackerCount, columnCount: columnCount)
    if own == nil {
      for row in 0..<attackerCount { rows.setRow(row, toRow: row % honestCount, of: honest) }
    }
    let view = AttackerView(
      round: 0, global: global, clients: (0..<attackerCount).map { ClientID(honestCount + $0) },
      participantCount: n, weightShare: Double(attackerCount) / Double(n),
      honest: attack.threatModel.knowledge >= .honestUpdates ? HonestUpdates(honest) : nil,
      probe: probe, pool: pool)
    var random = seed.child("craft").child(0).stream()
    let figures = attack.craft(&rows, view, random: &random)
    if let failure = attack.failure { throw BareRoundError(failure.reason) }
    return (rows, figures)
  }

  private func check(
    own: Matrix<Float>?, honest: Matrix<Float>, global: [Float], pool: WorkPool
  ) throws(BareRoundError) {
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

  /// A rehearsal of the defense on the honest rows and as many more as there are attackers.
  private func probe(
    _ expression: DefenseExpression, _ honest: Matrix<Float>, _ global: [Float],
    _ rootUpdate: [Float]?, _ pool: WorkPool
  ) throws -> DefenseProbe? {
    let n = honestCount + attackerCount
    let (stages, rule) = try expression.make(DefenseSetup(participantCount: n))
    guard let rule else { return nil }
    if rootUpdate == nil, let reader = expression.rootReader {
      throw BareRoundError("\(reader): needs what the server's own data gives")
    }
    var rows = honest
    rows.resize(rowCount: n)
    return DefenseProbe(
      of: DefensePipeline(stages: stages, rule: rule), updates: UpdateMatrix(rows),
      rows: Array(honestCount..<n),
      context: RoundContext(
        round: 0, global: global, rootUpdate: rootUpdate, seed: seed.child("defense").child(0),
        pool: pool))
  }
}
