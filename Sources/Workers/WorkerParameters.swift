public import Components
import Diagnostics

/// The keys that every component in another process has.
public enum WorkerParameters {
  public static let exec = ParameterSpec(
    "exec", .list(of: .text), default: .required,
    help: "the program and its arguments; relative paths start where the scenario file lies")

  /// All of them, but for those that only one kind of worker has.
  public static func all(memory: String) -> [ParameterSpec] {
    [
      exec,
      ParameterSpec(
        "files", .list(of: .path, count: 0...1_000), default: .list([]),
        help: "further files that decide what it does: a trial is another one when they change"),
      ParameterSpec(
        "params", .mapping, default: .text("{}"), help: "what the program is told besides"),
      ParameterSpec(
        "timeout", .real(0.001...1_000_000), default: .real(60),
        help: "seconds it may take for one call; twice that for the first one and for its start"),
      ParameterSpec(
        "memory", .text, default: .text(memory),
        help: "its address space at most, such as 4GiB; none: no limit"),
      ParameterSpec(
        "sandbox", .choice(WorkerCommand.Sandbox.allCases.map(\.rawValue)), default: .text("none"),
        help: "bwrap: no network, no sockets in /run or /tmp, nothing to write to but its "
          + "matrices; it can read what you can (needs bubblewrap)"),
      ParameterSpec(
        "transport", .choice(WorkerCommand.Transport.allCases.map(\.rawValue)),
        default: .text("mapped"),
        help: "mapped: matrices in files in shared memory; inline: as bytes after each line"),
    ]
  }

  /// The parameters that say how a worker runs, not what it computes, or whose files say that.
  static let running: Set<String> = ["exec", "files", "timeout", "memory", "sandbox", "transport"]
}

extension WorkerCommand {
  /// Reads the values of ``WorkerParameters``.
  ///
  /// - Throws: ``ConfigurationError`` for an amount of memory that is none.
  public init(
    _ arguments: Arguments, of component: ComponentID, in folder: String
  ) throws(ConfigurationError) {
    func texts(_ name: String) -> [String] { (arguments.list(name) ?? []).map(\.description) }
    let words = texts("exec")
    let text = arguments.text("memory")
    let memory = MemoryAmount.bytes(text).flatMap { (0x1p20...0x1p60).contains($0) ? Int($0) : nil }
    guard text == "none" || memory != nil else {
      throw ConfigurationError(
        .invalid(
          component: component,
          reason: "memory is '\(excerpt(text))'; it has to be an amount of at least 1 MiB, such as "
            + "4GiB, or none"))
    }
    self.init(
      words, files: texts("files"), folder: folder, timeout: arguments.real("timeout"),
      memory: memory, sandbox: Sandbox(rawValue: arguments.text("sandbox")) ?? .none,
      transport: Transport(rawValue: arguments.text("transport")) ?? .mapped)
  }
}
