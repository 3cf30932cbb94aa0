import BareRounds
import Components
import Determinism
import Kernels
import Tensors

/// An attack with the defense that it may rehearse.
struct AttackAtWork: Sendable {
  private var attack: BareAttack
  private let defense: DefenseExpression?
  private let attackerCount: Int
  private let honestCount: Int
  private let columnCount: Int

  init(
    _ words: String, attackerCount: Int, honestCount: Int, columnCount: Int, roundCount: Int,
    defense: DefenseExpression?, seed: UInt64
  ) throws {
    attack = try BareAttack(
      AttackExpression(ComponentExpression(words), catalog: MethodCatalog.builtIn),
      attackerCount: attackerCount, honestCount: honestCount, columnCount: columnCount,
      roundCount: roundCount, seed: seed)
    self.defense = defense
    self.attackerCount = attackerCount
    self.honestCount = honestCount
    self.columnCount = columnCount
  }

  /// Refuses honest rows of another shape, by which nothing may be read.
  func check(rows: Int64, columns: Int64) throws(BareRoundError) {
    guard rows == honestCount, columns == columnCount else {
      throw BareRoundError(
        "the honest updates are \(rows) x \(columns), and the attack was made for "
          + "\(honestCount) x \(columnCount)")
    }
  }

  /// What one round of it is given, in the caller's memory.
  @unsafe struct Call {
    let own: UnsafePointer<Float>?
    let honest: UnsafePointer<Float>?
    let rows: Int
    let columns: Int
    let model: UnsafePointer<Float>?
    let root: UnsafePointer<Float>?
    let round: Int
    let pool: WorkPool
  }

  /// Makes the rows of a round, writes them to `result` and returns the figures.
  mutating func craft(
    _ call: Call, to result: UnsafeMutablePointer<Float>
  ) throws -> JSONText {
    let d = unsafe call.columns
    let global = try unsafe CMemory.array(call.model, count: d, "model") ?? []
    let rootUpdate = try unsafe CMemory.array(call.root, count: d, "root")
    let (number, pool) = unsafe (call.round, call.pool)
    let (crafted, figures) = try unsafe CMemory.lend(
      call.honest, rows: call.rows, columns: d, "honest"
    ) {
      let others = $0
      guard let own = unsafe call.own else {
        return try attack.craft(
          honest: others, defense: defense, global: global, rootUpdate: rootUpdate,
          number: number, pool: pool)
      }
      return try unsafe CMemory.lend(own, rows: attackerCount, columns: d, "attackers' own") {
        try attack.craft(
          own: $0, honest: others, defense: defense, global: global, rootUpdate: rootUpdate,
          number: number, pool: pool)
      }
    }
    unsafe CMemory.write(crafted, to: result)
    return JSONText.object(figures.mapValues { .number($0) })
  }
}
