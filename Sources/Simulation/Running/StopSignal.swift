import Synchronization

/// Asks a run to stop between batches; may be set from a signal handler's thread.
public final class StopSignal: Sendable {
  private let flag = Atomic(false)

  public init() {}

  public func stop() { flag.store(true, ordering: .relaxed) }
  public var isStopped: Bool { flag.load(ordering: .relaxed) }
}
