import BareRounds
import Determinism
import Kernels
import Synchronization
import Tensors

// The functions of `Python/native/gauntlet.h` that craft rows, as those of `Exports.swift`.
//
// One of the files that wrap a C interface, hence the acknowledged pointers.

@c(gauntlet_attack_open)
public func gauntletAttackOpen(
  _ attack: UnsafePointer<CChar>?, _ attackers: Int64, _ honest: Int64, _ columns: Int64,
  _ rounds: Int64, _ rule: UnsafePointer<CChar>?, _ stages: UnsafePointer<UnsafePointer<CChar>?>?,
  _ stageCount: Int64, _ seed: UInt64, _ handle: UnsafeMutablePointer<Int64>?,
  _ error: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  unsafe status(error) {
    guard let handle = unsafe handle else { throw BareRoundError("the attack's slot is null") }
    unsafe handle.pointee = 0
    let made = try unsafe attackAtWork(
      attack, attackers, honest, columns, rounds, rule, stages, stageCount, seed)
    unsafe handle.pointee = openAttacks.add(made)
  }
}

@c(gauntlet_attack_close)
public func gauntletAttackClose(_ attack: Int64) -> Int32 { openAttacks.close(attack) ? 0 : 1 }

@c(gauntlet_attack_craft)
public func gauntletAttackCraft(
  _ attack: Int64, _ own: UnsafePointer<Float>?, _ honest: UnsafePointer<Float>?, _ rows: Int64,
  _ columns: Int64, _ model: UnsafePointer<Float>?, _ root: UnsafePointer<Float>?, _ round: Int64,
  _ threads: Int32, _ result: UnsafeMutablePointer<Float>?,
  _ report: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
  _ error: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  unsafe status(error) {
    let handle = try openAttacks.handle(attack)
    let said: Result<String, any Error> = handle.state.withLock { work in
      do {
        // Before any memory is read: the attackers' own rows are as long as the attack was made for.
        try work.check(rows: rows, columns: columns)
        let figures = try unsafe craft(
          &work, own, honest, rows, columns, model, root, round, threads, result)
        return .success(figures.description)
      } catch {
        return .failure(error)
      }
    }
    unsafe CMemory.give(try said.get(), to: report)
  }
}

@c(gauntlet_craft)
public func gauntletCraft(
  _ attack: UnsafePointer<CChar>?, _ attackers: Int64, _ rule: UnsafePointer<CChar>?,
  _ stages: UnsafePointer<UnsafePointer<CChar>?>?, _ stageCount: Int64,
  _ own: UnsafePointer<Float>?, _ honest: UnsafePointer<Float>?, _ rows: Int64, _ columns: Int64,
  _ model: UnsafePointer<Float>?, _ root: UnsafePointer<Float>?, _ seed: UInt64, _ threads: Int32,
  _ result: UnsafeMutablePointer<Float>?,
  _ report: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
  _ error: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  unsafe status(error) {
    var made = try unsafe attackAtWork(
      attack, attackers, rows, columns, 1, rule, stages, stageCount, seed)
    let figures = try unsafe craft(
      &made, own, honest, rows, columns, model, root, 0, threads, result)
    unsafe CMemory.give(figures.description, to: report)
  }
}

private func attackAtWork(
  _ attack: UnsafePointer<CChar>?, _ attackers: Int64, _ honest: Int64, _ columns: Int64,
  _ rounds: Int64, _ rule: UnsafePointer<CChar>?, _ stages: UnsafePointer<UnsafePointer<CChar>?>?,
  _ stageCount: Int64, _ seed: UInt64
) throws -> AttackAtWork {
  _ = try CallChecks.count(honest, columns)
  let f = try CallChecks.number(attackers, "the number of attackers", in: 1...1_000_000)
  _ = try CallChecks.count(attackers + honest, columns)
  let rounds = try CallChecks.number(rounds, "the number of rounds", in: 1...CallChecks.most)
  guard let words = unsafe CMemory.text(attack) else { throw BareRoundError("the attack is null") }
  let defense = try unsafe rule.map { try unsafe defenseExpression($0, stages, stageCount) }
  return try AttackAtWork(
    words, attackerCount: f, honestCount: Int(honest), columnCount: Int(columns),
    roundCount: rounds, defense: defense, seed: seed)
}

private func craft(
  _ work: inout AttackAtWork, _ own: UnsafePointer<Float>?, _ honest: UnsafePointer<Float>?,
  _ rows: Int64, _ columns: Int64, _ model: UnsafePointer<Float>?, _ root: UnsafePointer<Float>?,
  _ round: Int64, _ threads: Int32, _ result: UnsafeMutablePointer<Float>?
) throws -> JSONText {
  guard let result = unsafe result else { throw BareRoundError("the result is null") }
  try unsafe CMemory.check(UnsafePointer(result), "result")
  let call = try unsafe AttackAtWork.Call(
    own: own, honest: honest, rows: Int(rows), columns: Int(columns), model: model, root: root,
    round: CallChecks.number(round, "the round", in: 0...CallChecks.most),
    pool: CallChecks.pool(threads))
  return try unsafe work.craft(call, to: result)
}
