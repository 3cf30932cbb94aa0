import Dispatch
import Synchronization

/// Runs independent pieces of work on up to `width` threads.
///
/// Pieces are handed out one by one in ascending order, so uneven pieces balance themselves. What a
/// piece computes must depend on its index alone: then no result depends on `width` or on timing.
public struct WorkPool: Sendable {
  /// The number of pieces that may run at once; at least 1.
  public let width: Int

  /// Creates a pool of the given width; it holds no threads of its own.
  ///
  /// - Precondition: `width >= 1`
  public init(width: Int) {
    precondition(width >= 1, "WorkPool: width must be at least 1, got \(width)")
    self.width = width
  }

  /// Runs `body` once for each index in `0 ..< count` and returns when all have finished.
  ///
  /// `worker` is in `0 ..< width` and unique among the bodies running at one time, so it can index
  /// a set of reusable workspaces. With one worker or one piece, everything runs on the calling
  /// thread. A negative `count` runs nothing.
  ///
  /// - Complexity: O(`count`) calls; no memory that grows with `count`.
  public func run(_ count: Int, _ body: @Sendable (_ worker: Int, _ index: Int) -> Void) {
    let workerCount = min(width, count)
    guard workerCount > 1 else {
      for index in 0..<max(count, 0) { body(0, index) }
      return
    }
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: workerCount) { worker in
      while true {
        let index = next.add(1, ordering: .relaxed).oldValue
        guard index < count else { return }
        body(worker, index)
      }
    }
  }

  /// Returns `[body(0), body(1), …, body(count - 1)]`.
  ///
  /// If calls throw, the error of the lowest throwing index is rethrown, whatever the width; pieces
  /// above it may then be left out. A negative `count` gives an empty array.
  ///
  /// - Complexity: O(`count`) calls and O(`count`) memory.
  public func map<R: Sendable, E: Error>(
    _ count: Int, _ body: @Sendable (Int) throws(E) -> R
  ) throws(E) -> [R] {
    guard min(width, count) > 1 else {
      var values: [R] = []
      values.reserveCapacity(max(count, 0))
      for index in 0..<max(count, 0) { values.append(try body(index)) }
      return values
    }
    let slots = Mutex([Result<R, E>?](repeating: nil, count: count))
    let lowestFailure = Atomic(count)
    run(count) { _, index in
      // Only pieces above a failed one may be skipped: a lower one might throw the error that wins.
      guard index < lowestFailure.load(ordering: .relaxed) else { return }
      let result: Result<R, E>
      do throws(E) {
        result = .success(try body(index))
      } catch {
        result = .failure(error)
        lowestFailure.min(index, ordering: .relaxed)
      }
      slots.withLock { $0[index] = result }
    }
    var values: [R] = []
    values.reserveCapacity(count)
    for slot in slots.withLock({ $0 }) {
      guard let slot else { preconditionFailure("WorkPool: a piece of work was not run") }
      values.append(try slot.get())
    }
    return values
  }
}
