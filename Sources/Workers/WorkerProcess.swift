import CProcess
import Foundation
import Synchronization

/// A child process in a group of its own, spoken to through pipes with a deadline for everything.
///
/// The caller's thread does all the work, and there is no other: a rule waits for its answer anyway.
/// (swift-subprocess, which would be the first choice, gives a child the life of one asynchronous
/// call, collects it before its group can be ended, and sets no limit on memory.) The log of the
/// child is read whenever this waits, and its end is kept; so nothing that a child writes, however
/// much, makes this process grow.
///
/// One of the files that wrap the C library, hence the acknowledged pointers.
final class WorkerProcess {
  /// What a process did instead of what was waited for.
  enum Failure: Error, Equatable {
    case timeout
    /// It is gone; how it ended.
    case ended(String)
    case closedInput
    case closedOutput
    case tooLongLine
    case tooMuchOutput
  }

  /// The longest line, in bytes.
  static let lineLimit = 16 << 20

  let group: pid_t
  private let input: PipeEnd
  private let output: PipeEnd
  private let log: PipeEnd
  private var received = ByteQueue()
  private(set) var logTail = LogTail()
  private var chunk = [UInt8](repeating: 0, count: 1 << 18)
  private var isEnded = false

  // MARK: - Start and end

  /// Starts a program; that it cannot be found shows when it is spoken to.
  ///
  /// - Throws: `.ended` where there are no more processes or pipes to be had.
  init(_ words: [String], environment: [String: String]) throws(Failure) {
    let started = try Self.oneAtATime.withLock { _ throws(Failure) in
      try Self.start(words, environment)
    }
    (group, input, output, log) = (
      started.pid, PipeEnd(started.input), PipeEnd(started.output), PipeEnd(started.log)
    )
    LiveWorkers.add(group: group)
  }

  /// Two threads that start one each: the pipes of either would be inherited by both, where the
  /// system cannot make them private at once.
  private static let oneAtATime = Mutex(())

  /// Returns the number of the process and our ends of its pipes.
  private static func start(
    _ words: [String], _ environment: [String: String]
  ) throws(Failure) -> (pid: pid_t, input: Int32, output: Int32, log: Int32) {
    var pipes: [(reading: Int32, writing: Int32)] = []
    while pipes.count < 3, let pipe = PipeEnd.make() {
      PipeEnd.widen(pipe.writing)
      pipes.append(pipe)
    }
    let code: Int32
    var pid: pid_t = 0
    if pipes.count == 3 {
      (code, pid) = spawn(
        words, environment, [pipes[0].reading, pipes[1].writing, pipes[2].writing])
    } else {
      code = errno
    }
    guard code == 0 else {
      for pipe in pipes { for end in [pipe.reading, pipe.writing] { _ = close(end) } }
      throw .ended("cannot be started (\(reason(code)))")
    }
    for end in [pipes[0].reading, pipes[1].writing, pipes[2].writing] { _ = close(end) }
    return (pid, pipes[0].writing, pipes[1].reading, pipes[2].reading)
  }

  deinit { end(grace: 0) }

  /// Closes the input, gives the process some seconds to end by itself, and ends all of its group.
  ///
  /// Returns what it exits with; `nil` where a signal ended it, ours or another, or it had been ended.
  @discardableResult
  func end(grace: Double) -> Int32? {
    guard !isEnded else { return nil }
    isEnded = true
    input.close()
    let deadline = Deadline(seconds: grace)
    while hasExited == nil, let rest = deadline.rest {
      // What it still writes is of no interest, but must not hold it up.
      _ = drain(log)
      _ = drain(output)
      received = ByteQueue()
      Self.pause(min(rest, 0.002))
    }
    _ = drain(log)
    // Before the process is collected: until then nobody else can have the number of its group.
    kill(-group, SIGKILL)
    LiveWorkers.remove(group: group)
    var status: Int32 = 0
    while unsafe waitpid(group, &status, 0) < 0, errno == EINTR {}
    output.close()
    log.close()
    return status & 0x7f == 0 ? (status >> 8) & 0xff : nil
  }

  /// Tells the process that nothing more is said to it.
  func closeInput() { input.close() }

  /// How the process ended; `nil` while it runs.
  ///
  /// It is not collected.
  private var hasExited: String? {
    var info = unsafe siginfo_t()
    guard
      unsafe waitid(P_PID, id_t(group), &info, WEXITED | WNOHANG | WNOWAIT) == 0,
      unsafe info.childID != 0
    else { return nil }
    let status = unsafe info.childStatus
    guard unsafe info.si_code == CLD_EXITED else { return "was ended by signal \(status)" }
    return "ended with status \(status)"
  }

  // MARK: - Speaking

  /// Writes all bytes.
  func write(_ bytes: UnsafeRawBufferPointer, until deadline: Deadline) throws(Failure) {
    var rest = unsafe bytes
    while unsafe !rest.isEmpty {
      switch unsafe input.write(rest) {
      case .bytes(let count): unsafe rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      case .ended: throw gone ?? .closedInput
      case .wait:
        try pump(until: deadline, writing: true)
        if received.count > Self.lineLimit { throw .tooMuchOutput }
      }
    }
  }

  /// Whether it wrote something that nobody has read yet.
  var hasOutput: Bool {
    if received.isEmpty { _ = drain(output, atMost: 1) }
    return !received.isEmpty
  }

  /// Reads one line, without what ends it.
  func readLine(until deadline: Deadline) throws(Failure) -> [UInt8] {
    while true {
      if let line = received.takeLine() {
        guard line.count <= Self.lineLimit else { throw .tooLongLine }
        return line
      }
      guard received.count <= Self.lineLimit else { throw .tooLongLine }
      try pump(until: deadline, writing: false)
    }
  }

  /// Takes what came and is no whole line.
  func takeReceived() -> [UInt8] { Array(received.take(upTo: received.count)) }

  /// Fills a buffer with the bytes that come next.
  func read(_ buffer: UnsafeMutableRawBufferPointer, until deadline: Deadline) throws(Failure) {
    var filled = 0
    while filled < buffer.count {
      if received.isEmpty { try pump(until: deadline, writing: false) }
      let bytes = received.take(upTo: buffer.count - filled)
      unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]).copyBytes(from: bytes)
      filled += bytes.count
    }
  }

  // MARK: - Waiting

  /// Waits until something was read, or the input takes more.
  private func pump(until deadline: Deadline, writing: Bool) throws(Failure) {
    while true {
      guard let rest = deadline.rest else { throw .timeout }
      var polled = [
        pollfd(fd: log.isOpen ? log.descriptor : -1, events: Int16(POLLIN), revents: 0),
        pollfd(fd: output.isOpen ? output.descriptor : -1, events: Int16(POLLIN), revents: 0),
        pollfd(fd: writing ? input.descriptor : -1, events: Int16(POLLOUT), revents: 0),
      ]
      // A child of the process may hold the pipes open when the process itself is gone.
      let count = unsafe poll(&polled, nfds_t(polled.count), Int32(min(rest, 0.1) * 1000) + 1)
      if polled[0].revents != 0, drain(log, atMost: 4) == .ended { log.close() }
      if polled[1].revents != 0 {
        let before = received.count
        let outcome = drain(output, atMost: 4)
        if received.count > before { return }
        if outcome == .ended {
          output.close()
          throw gone ?? .closedOutput
        }
      }
      if writing, polled[2].revents != 0 { return }
      if count == 0, hasExited != nil {
        // Half a line that came before will never be whole.
        let before = received.count
        _ = drain(output)
        if received.count > before { return }
        throw gone ?? .closedOutput
      }
      if !output.isOpen && !writing { throw gone ?? .closedOutput }
    }
  }

  /// How it ended, after a moment for it to do so.
  private var gone: Failure? {
    let deadline = Deadline(seconds: 0.5)
    while deadline.rest != nil {
      _ = drain(log)
      if let how = hasExited { return .ended(how) }
      Self.pause(0.005)
    }
    return nil
  }

  private enum Drained { case nothing, some, ended }

  /// Reads what is there, so many pieces at most.
  @discardableResult
  private func drain(_ end: PipeEnd, atMost pieces: Int = 64) -> Drained {
    var result = Drained.nothing
    for _ in 0..<pieces {
      switch end.read(into: &chunk) {
      case .wait: return result
      case .ended: return result == .some ? .some : .ended
      case .bytes(let count):
        result = .some
        if end === log {
          logTail.append(chunk[..<count])
        } else {
          received.append(chunk[..<count])
        }
      }
    }
    return result
  }

  private static func pause(_ seconds: Double) { usleep(UInt32(max(0, seconds) * 1e6)) }

  private static func reason(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}

// MARK: - The C library

extension WorkerProcess {
  /// Starts the words with three descriptors as input, output and log, in a group of its own.
  static func spawn(
    _ words: [String], _ environment: [String: String], _ descriptors: [Int32]
  ) -> (code: Int32, pid: pid_t) {
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    for (number, descriptor) in descriptors.enumerated() {
      unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
    }
    // Nothing else that this process has open: a socket that somebody waits for would stay open as long
    // as the child lives.
    #if os(Linux)
    unsafe posix_spawn_file_actions_addclosefrom_np(&actions, Int32(descriptors.count))
    #endif
    // What this process ignores or blocks is no business of the child.
    var none = sigset_t()
    var all = sigset_t()
    unsafe sigemptyset(&none)
    unsafe sigfillset(&all)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
    let arguments = unsafe words.map { unsafe strdup($0) } + [nil]
    let variables = unsafe environment.map { unsafe strdup("\($0.key)=\($0.value)") } + [nil]
    defer {
      unsafe arguments.forEach { unsafe free($0) }
      unsafe variables.forEach { unsafe free($0) }
    }
    var pid: pid_t = 0
    let code = unsafe posix_spawn(&pid, words[0], &actions, &attributes, arguments, variables)
    return (code, pid)
  }
}

extension siginfo_t {
  /// The process that it is about; 0 if there is none.
  fileprivate var childID: pid_t { unsafe _sifields._sigchld.si_pid }
  fileprivate var childStatus: Int32 { unsafe _sifields._sigchld.si_status }
}
