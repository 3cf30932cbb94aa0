import Synchronization

/// Asks a run to stop after the round in hand; may be set from a signal handler's thread.
public final class StopSignal: Sendable {
  private let flag = Atomic(false)

  public init() {}

  public func stop() { flag.store(true, ordering: .relaxed) }
  public var isStopped: Bool { flag.load(ordering: .relaxed) }
}
