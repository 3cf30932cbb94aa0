import BareRounds
import Components
import Determinism
import Federation
import Kernels
import Synchronization
import Tensors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

// The functions of `Python/native/gauntlet.h`, which says what each of them takes. None of them ends
// the process for what it is given, as long as the memory is as large as is said.
//
// One of the files that wrap a C interface, hence the acknowledged pointers.

/// Raised whenever a function changes or goes away.
private let interfaceNumber: Int32 = 1

@c(gauntlet_interface)
public func gauntletInterface() -> Int32 { interfaceNumber }

@c(gauntlet_free)
public func gauntletFree(_ text: UnsafeMutablePointer<CChar>?) { unsafe free(text) }

@c(gauntlet_list)
public func gauntletList(
  _ kind: UnsafePointer<CChar>?, _ methods: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
  _ error: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  unsafe status(error) {
    guard let list = unsafe MethodCatalog.list(CMemory.text(kind) ?? "") else {
      throw BareRoundError("the kind of methods has to be 'defense', 'stage' or 'attack'")
    }
    unsafe CMemory.give(list.description, to: methods)
  }
}

@c(gauntlet_defense_open)
public func gauntletDefenseOpen(
  _ rule: UnsafePointer<CChar>?, _ stages: UnsafePointer<UnsafePointer<CChar>?>?,
  _ stageCount: Int64, _ participants: Int64, _ clients: Int64, _ rounds: Int64,
  _ defense: UnsafeMutablePointer<Int64>?,
  _ error: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  unsafe status(error) {
    guard let defense = unsafe defense else { throw BareRoundError("the defense's slot is null") }
    unsafe defense.pointee = 0
    let participants = try CallChecks.number(
      participants, "the number of participants", in: 1...CallChecks.most)
    let setup = DefenseSetup(
      participantCount: participants,
      clientCount: try CallChecks.number(
        clients, "the number of clients", in: Int64(participants)...CallChecks.most),
      roundCount: try CallChecks.number(
        rounds, "the number of rounds", in: 1...CallChecks.most))
    let expression = try unsafe defenseExpression(rule, stages, stageCount)
    unsafe defense.pointee = openDefenses.add(try BareDefense(expression, setup: setup))
  }
}

@c(gauntlet_defense_close)
public func gauntletDefenseClose(_ defense: Int64) -> Int32 {
  openDefenses.close(defense) ? 0 : 1
}

@c(gauntlet_defense_aggregate)
public func gauntletDefenseAggregate(
  _ defense: Int64, _ updates: UnsafePointer<Float>?, _ rows: Int64, _ columns: Int64,
  _ clients: UnsafePointer<Int64>?, _ weights: UnsafePointer<Double>?,
  _ model: UnsafePointer<Float>?, _ root: UnsafePointer<Float>?, _ round: Int64, _ seed: UInt64,
  _ threads: Int32,
  _ result: UnsafeMutablePointer<Float>?, _ capacity: Int64,
  _ resultRows: UnsafeMutablePointer<Int64>?,
  _ report: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
  _ error: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
) -> Int32 {
  unsafe status(error) {
    let handle = try openDefenses.handle(defense)
    _ = try CallChecks.count(rows, columns)
    guard let result = unsafe result else { throw BareRoundError("the result is null") }
    try unsafe CMemory.check(UnsafePointer(result), "result")
    let number = try CallChecks.number(round, "the round", in: 0...CallChecks.most)
    let pool = try CallChecks.pool(threads)
    let ids = try unsafe CMemory.array(clients, count: Int(rows), "clients")
    let shares = try unsafe CMemory.array(weights, count: Int(rows), "weights")
    let global = try unsafe CMemory.array(model, count: Int(columns), "model") ?? []
    let rootUpdate = try unsafe CMemory.array(root, count: Int(columns), "root")
    let said: Result<String, any Error> = handle.state.withLock { defense in
      do {
        let text = try unsafe CMemory.lend(
          updates, rows: Int(rows), columns: Int(columns), "updates"
        ) {
          let round = BareRound(
            $0, clients: ids?.map { ClientID(Int($0)) }, weights: shares, global: global,
            rootUpdate: rootUpdate, number: number, seed: seed, pool: pool)
          let outcome = try defense.apply(to: round)
          let values = outcome.values
          guard values.rowCount * values.columnCount <= capacity else {
            throw BareRoundError(
              "the result has \(values.rowCount) x \(values.columnCount) values, and there is room "
                + "for \(capacity)")
          }
          unsafe CMemory.write(values, to: result)
          unsafe resultRows?.pointee = Int64(values.rowCount)
          return JSONText(outcome, isOutsideProof: defense.isOutsideProof).description
        }
        return .success(text)
      } catch {
        return .failure(error)
      }
    }
    unsafe CMemory.give(try said.get(), to: report)
  }
}

func defenseExpression(
  _ rule: UnsafePointer<CChar>?, _ stages: UnsafePointer<UnsafePointer<CChar>?>?,
  _ stageCount: Int64
) throws -> DefenseExpression {
  let names = try unsafe CMemory.texts(stages, count: stageCount, "stages")
  let rule = unsafe CMemory.text(rule)
  guard rule != nil || !names.isEmpty else {
    throw BareRoundError("a rule, a stage or both are needed")
  }
  return try DefenseExpression(stages: names, rule: rule, catalog: MethodCatalog.builtIn)
}

/// 0 where the body ends well, otherwise 1 and the error as a text.
func status(
  _ error: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, _ body: () throws -> Void
) -> Int32 {
  do {
    try body()
    return 0
  } catch let problem {
    unsafe CMemory.give("\(problem)", to: error)
    return 1
  }
}
