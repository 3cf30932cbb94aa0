import BareRounds
import Synchronization

/// What callers have open of a kind, by number.
///
/// Numbers instead of addresses: one that was closed, or never given out, is an error and no crash.
/// Global because C has nothing to hold it; what is answered depends on the state of each alone.
final class Handles<State: Sendable>: Sendable {
  /// One that one caller at a time may use.
  final class Handle: Sendable {
    let state: Mutex<State>

    init(_ state: State) { self.state = Mutex(state) }
  }

  private struct Table {
    var next: Int64 = 1
    var open: [Int64: Handle] = [:]
  }

  private let noun: String
  private let table = Mutex(Table())

  /// - Parameter noun: What errors call it.
  init(of noun: String) { self.noun = noun }

  func add(_ state: State) -> Int64 {
    table.withLock { table in
      defer { table.next += 1 }
      table.open[table.next] = Handle(state)
      return table.next
    }
  }

  func handle(_ number: Int64) throws(BareRoundError) -> Handle {
    guard let handle = table.withLock({ $0.open[number] }) else {
      throw BareRoundError("there is no open \(noun) \(number); it was closed, or never opened")
    }
    return handle
  }

  /// Whether there was one to close.
  func close(_ number: Int64) -> Bool {
    table.withLock { $0.open.removeValue(forKey: number) } != nil
  }
}

/// The defenses that callers have open.
let openDefenses = Handles<BareDefense>(of: "defense")
/// The attacks that callers have open.
let openAttacks = Handles<AttackAtWork>(of: "attack")
