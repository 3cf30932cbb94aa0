import CProcess
import Foundation

/// One end of a pipe that is ours, which never blocks.
///
/// One of the files that wrap the C library, hence the acknowledged pointers.
final class PipeEnd {
  let descriptor: Int32
  private(set) var isOpen = true

  /// What came of one attempt.
  enum Outcome {
    case bytes(Int)
    /// Nothing can be read or written now.
    case wait
    /// The other side is closed.
    case ended
  }

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
    let flags = fcntl(descriptor, F_GETFL)
    _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
  }

  deinit { close() }

  func close() {
    guard isOpen else { return }
    isOpen = false
    _ = Foundation.close(descriptor)
  }

  /// A pipe that no program inherits which is started from now on; `nil` if the system has none left.
  static func make() -> (reading: Int32, writing: Int32)? {
    var ends: [Int32] = [-1, -1]
    #if os(Linux)
    // At once: another thread may start a program at any moment.
    guard unsafe pipe2(&ends, O_CLOEXEC) == 0 else { return nil }
    #else
    guard unsafe pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    #endif
    return (ends[0], ends[1])
  }

  /// Lets a pipe hold more: fewer changes of turn for matrices that go inline; a small one works, too.
  static func widen(_ descriptor: Int32) {
    #if os(Linux)
    _ = fcntl(descriptor, 1031 /* F_SETPIPE_SZ */, 1 << 20)
    #endif
  }

  func read(into buffer: inout [UInt8]) -> Outcome {
    guard isOpen else { return .ended }
    while true {
      let count = unsafe Foundation.read(descriptor, &buffer, buffer.count)
      if count > 0 { return .bytes(count) }
      if count == 0 { return .ended }
      if errno == EINTR { continue }
      return errno == EAGAIN ? .wait : .ended
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) -> Outcome {
    guard isOpen else { return .ended }
    return Self.withoutPipeSignal {
      while true {
        let count = unsafe Foundation.write(descriptor, bytes.baseAddress, bytes.count)
        if count >= 0 { return .bytes(count) }
        if errno == EINTR { continue }
        return errno == EAGAIN ? .wait : .ended
      }
    }
  }

  /// Runs `body` without the signal for a pipe that nobody reads, which would end this process.
  ///
  /// The setting of the process is not ours to change: this may be a library in another program.
  private static func withoutPipeSignal(_ body: () -> Outcome) -> Outcome {
    var signals = sigset_t()
    var before = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGPIPE)
    unsafe pthread_sigmask(SIG_BLOCK, &signals, &before)
    defer { _ = unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    let outcome = body()
    if case .ended = outcome {
      var now = timespec()
      while unsafe sigtimedwait(&signals, nil, &now) > 0 {}
    }
    return outcome
  }
}
