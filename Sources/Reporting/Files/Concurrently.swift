import Dispatch
import Synchronization

/// Work on the elements of a list side by side; what comes of it does not depend on that.
enum Concurrently {
  /// The results in the order of the elements.
  static func map<Element: Sendable, Result: Sendable>(
    _ elements: [Element], _ body: @Sendable (Element) -> Result
  ) -> [Result] {
    let found = Mutex<[Int: Result]>([:])
    DispatchQueue.concurrentPerform(iterations: elements.count) { index in
      let result = body(elements[index])
      found.withLock { $0[index] = result }
    }
    return found.withLock { results in elements.indices.compactMap { results[$0] } }
  }
}
