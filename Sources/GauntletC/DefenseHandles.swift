import BareRounds
import Synchronization

/// The defenses that callers have open, by number.
///
/// Numbers instead of addresses: one that was closed, or never given out, is an error and no crash.
/// Global because C has nothing to hold it; what a defense answers depends on its own state alone.
enum DefenseHandles {
  /// A defense that one caller at a time may use.
  final class Handle: Sendable {
    let defense: Mutex<BareDefense>

    init(_ defense: BareDefense) { self.defense = Mutex(defense) }
  }

  private struct Table {
    var next: Int64 = 1
    var open: [Int64: Handle] = [:]
  }

  private static let table = Mutex(Table())

  static func add(_ defense: BareDefense) -> Int64 {
    table.withLock { table in
      defer { table.next += 1 }
      table.open[table.next] = Handle(defense)
      return table.next
    }
  }

  static func handle(_ number: Int64) throws(BareRoundError) -> Handle {
    guard let handle = table.withLock({ $0.open[number] }) else {
      throw BareRoundError("there is no open defense \(number); it was closed, or never opened")
    }
    return handle
  }

  /// Whether there was one to close.
  static func close(_ number: Int64) -> Bool {
    table.withLock { $0.open.removeValue(forKey: number) } != nil
  }
}
