import CProcess
import Foundation

/// One transfer by the program `curl`, whose bytes come through a pipe.
///
/// A program, not Foundation's `URLSession`: a statically linked program would have to bring TLS and
/// its certificates along, and the one that is installed knows the proxies and certificates of its
/// machine. No shell is started. Since this process writes the file, a transfer ends with it.
///
/// One of the files that wrap the C library, hence the acknowledged pointers.
struct CurlProcess {
  /// How a transfer ended.
  struct Outcome: Equatable {
    /// The exit status of curl; −1 where a signal ended it.
    let status: Int32
    /// What it said, in one line.
    let message: String

    /// A server that sends no part of a file.
    static let cannotResume: Int32 = 33
    /// The server answered with an error; the message has its number.
    static let refused: Int32 = 22

    /// Whether the answer says that there is nothing from the place on that was asked for.
    var isBeyondEnd: Bool { status == Self.refused && message.contains("416") }
  }

  private let program: String

  /// Finds the program.
  init() throws(DownloadError) {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let candidates = path.split(separator: ":").map { "\($0)/curl" }
    guard let found = candidates.first(where: { unsafe access($0, X_OK) == 0 }) else {
      throw DownloadError(
        "the program curl is needed to fetch files, and is not in PATH (Debian: apt-get install curl)"
      )
    }
    program = found
  }

  /// Fetches an address from a byte on; `take` gets the bytes in order, and says whether to go on.
  ///
  /// - Throws: What `take` throws, and that there are no more processes or pipes to be had.
  func fetch(
    _ address: String, from offset: Int,
    _ take: (borrowing Span<UInt8>) throws(DownloadError) -> Bool
  ) throws(DownloadError) -> Outcome {
    var words = [
      program, "--disable", "--silent", "--show-error", "--fail", "--location", "--globoff",
      "--max-redirs", "5", "--proto", "=http,https", "--connect-timeout", "20",
      "--speed-limit", "1", "--speed-time", "60",
    ]
    if offset > 0 { words += ["--continue-at", String(offset)] }
    words += ["--url", address]
    let (pid, output, log) = try start(words)
    defer { for end in [output, log] { _ = close(end) } }
    do throws(DownloadError) {
      try read(output, take) { _ = kill(pid, SIGTERM) }
    } catch {
      _ = kill(pid, SIGTERM)
      _ = status(of: pid)
      throw error
    }
    var said: [UInt8] = []
    try read(log) { (bytes) throws(DownloadError) in
      for index in bytes.indices where said.count < 1_000 { said.append(bytes[index]) }
      return true
    } stop: {
    }
    let line = String(decoding: said, as: UTF8.self).split(separator: "\n").last ?? ""
    return Outcome(status: status(of: pid), message: String(line))
  }

  /// Hands over what comes until the end, or until nobody wants more.
  private func read(
    _ descriptor: Int32, _ take: (borrowing Span<UInt8>) throws(DownloadError) -> Bool,
    stop: () -> Void
  ) throws(DownloadError) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe Foundation.read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      guard try take(buffer.span.extracting(0..<count)) else {
        stop()
        return
      }
    }
  }

  /// Waits for the end of a process.
  private func status(of pid: pid_t) -> Int32 {
    var status: Int32 = 0
    while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
    return status & 0x7f == 0 ? (status >> 8) & 0xff : -1
  }

  /// Starts the words in the group of this process, so that Ctrl-C ends both.
  private func start(
    _ words: [String]
  ) throws(DownloadError) -> (pid: pid_t, output: Int32, log: Int32) {
    var pipes: [[Int32]] = []
    while pipes.count < 2, let pipe = Self.makePipe() { pipes.append(pipe) }
    guard pipes.count == 2 else {
      for end in pipes.joined() { _ = close(end) }
      throw DownloadError("curl cannot be started: there are no more pipes")
    }
    let (code, pid) = Self.spawn(words, output: pipes[0][1], log: pipes[1][1])
    for pipe in pipes { _ = close(pipe[1]) }
    guard code == 0 else {
      for pipe in pipes { _ = close(pipe[0]) }
      throw DownloadError("curl cannot be started: \(unsafe String(cString: strerror(code)))")
    }
    return (pid, pipes[0][0], pipes[1][0])
  }

  private static func makePipe() -> [Int32]? {
    var ends: [Int32] = [-1, -1]
    #if os(Linux)
    guard unsafe pipe2(&ends, O_CLOEXEC) == 0 else { return nil }
    #else
    guard unsafe pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    #endif
    return ends
  }

  private static func spawn(
    _ words: [String], output: Int32, log: Int32
  ) -> (code: Int32, pid: pid_t) {
    var actions = unsafe posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    unsafe posix_spawn_file_actions_init(&actions)
    unsafe posix_spawnattr_init(&attributes)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
    unsafe posix_spawn_file_actions_adddup2(&actions, log, STDERR_FILENO)
    // What this process ignores or blocks is no business of the child.
    var none = sigset_t()
    var all = sigset_t()
    unsafe sigemptyset(&none)
    unsafe sigfillset(&all)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
    // Messages are read, so they are asked for in English.
    let environment = ProcessInfo.processInfo.environment.merging(["LC_ALL": "C"]) { $1 }
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
