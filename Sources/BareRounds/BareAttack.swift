public import Components
import Datasets
public import Determinism
public import Federation
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
  /// - Throws: `ConfigurationError` for names and parameters, `BareRoundError` for attacks that poison
  ///   data or train.
  public init(
    _ expression: ComponentExpression, attackerCount: Int, honestCount: Int, columnCount: Int,
    seed: UInt64, catalog: Catalog
  ) throws {
    let entry = try Self.entry(expression.id, expression.given, catalog: catalog)
    try Self.requireUpdateAttack(entry, expression.given)
    let arguments = try Arguments(expression.given, for: entry.manifest)
    id = expression.id
    self.attackerCount = attackerCount
    self.honestCount = honestCount
    self.columnCount = columnCount
    self.seed = SeedPath(root: seed)
    attack = try entry.make(
      arguments,
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

  /// Refuses attacks that poison data or train, before any word on the parameters they would need.
  ///
  /// - Throws: `ConfigurationError` where there is no such attack, `BareRoundError` where it is such.
  public static func requireUpdateAttack(
    _ id: ComponentID, _ given: [String: ArgumentValue], catalog: Catalog
  ) throws {
    try requireUpdateAttack(entry(id, given, catalog: catalog), given)
  }

  /// What the catalog says of an attack, or what a program of somebody else's says of itself.
  private static func entry(
    _ id: ComponentID, _ given: [String: ArgumentValue], catalog: Catalog
  ) throws -> AttackEntry {
    let entry = try catalog.attack(id)
    guard entry.describing != nil else { return entry }
    let arguments = try Arguments(given, for: entry.manifest)
    return try entry.described(by: arguments, in: ".")?.entry ?? entry
  }

  private static func requireUpdateAttack(
    _ entry: AttackEntry, _ given: [String: ArgumentValue]
  ) throws {
    // A task that suits every attack, as far as the given values allow.
    let facts: [PlanFact: ArgumentValue] = [
      .backdoor("trigger"): .text("random"), .backdoor("size"): .integer(100),
      .backdoor("value"): .real(1), .backdoor("corner"): .text("top-left"),
      .backdoor("target"): .integer(0), .backdoor("source"): .text("none"),
      .backdoor("file"): .text("none"),
    ]
    let outside = Shard(
      inputs: Matrix(rowCount: 1, columnCount: 1000), labels: [1], classCount: 1000,
      shape: .vector(1000))
    let setup = AttackSetup(
      participantCount: 10, auxiliary: outside, auxiliaryTest: outside, classCount: 1000,
      shape: .vector(1000), layout: ParameterLayout([]), serverRate: 1, schedule: nil,
      seed: SeedPath(root: 0))
    guard let arguments = try? Arguments(given, for: entry.manifest, plan: facts),
      let made = try? entry.make(arguments, setup)
    else { return }
    guard made.threatModel.surface.isSubset(of: .update) else {
      throw BareRoundError(
        "\(entry.manifest.id): poisons data or trains, so it cannot be crafted from a matrix of "
          + "updates")
    }
  }
}
