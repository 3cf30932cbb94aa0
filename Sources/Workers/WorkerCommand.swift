/// How to start a worker, and what it may take.
public struct WorkerCommand: Sendable, Hashable {
  /// What is around the process.
  public enum Sandbox: String, Sendable, CaseIterable {
    case none
    /// Bubblewrap: no network, a root that cannot be written to, an empty `/tmp` and `/run`, no other
    /// processes and no terminal.
    case bwrap
  }

  /// How matrices get there and back.
  public enum Transport: String, Sendable, CaseIterable {
    /// In `.npy` files in shared memory, which are written in place; inline where there is none.
    case mapped
    /// As raw bytes after the line.
    case inline
  }

  /// The program and its arguments; at least one.
  public var words: [String]
  /// Further files that decide what it does.
  public var files: [String]
  /// Where it runs, and where relative paths start.
  public var folder: String
  /// How long it may take for one call, in seconds; twice that for the first one and its start.
  public var timeout: Double
  /// Its address space in bytes; `nil`: any.
  public var memory: Int?
  public var sandbox: Sandbox
  public var transport: Transport
  /// How many threads numeric libraries are told to use; `nil`: as many as they like.
  public var threads: Int?

  public init(
    _ words: [String], files: [String] = [], folder: String = ".", timeout: Double = 60,
    memory: Int? = 4 << 30, sandbox: Sandbox = .none, transport: Transport = .mapped,
    threads: Int? = 1
  ) {
    precondition(!words.isEmpty, "a worker without a program")
    self.words = words
    self.files = files
    self.folder = folder
    self.timeout = timeout
    self.memory = memory
    self.sandbox = sandbox
    self.transport = transport
    self.threads = threads
  }

  /// The words on one line, for messages.
  public var text: String { words.joined(separator: " ") }
}
