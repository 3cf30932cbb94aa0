import Foundation
import Synchronization

/// How this program ends: once, with the code of the thread that came first.
///
/// `exit` ends workers before the process, which the thread that waits for one takes for an error of
/// the worker; it would call `exit` as well, and its code could be the one that is seen.
enum Ending {
  private static let isUnderWay = Atomic(false)

  /// Ends the program, or waits for its end where another thread was first.
  static func end(with code: Int32) -> Never {
    if !isUnderWay.exchange(true, ordering: .sequentiallyConsistent) { exit(code) }
    wait()
  }

  /// Does not return where another thread ends the program: an error that follows is not reported.
  static func yield() {
    if isUnderWay.load(ordering: .sequentiallyConsistent) { wait() }
  }

  private static func wait() -> Never {
    while true { sleep(1) }
  }
}
