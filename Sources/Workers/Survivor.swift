import Foundation
import Synchronization

/// A small shell that outlives this process, to end what it leaves where it is killed.
///
/// It is told of every group of processes and every folder, and reads the end of its input when this
/// process is gone, whatever the reason. (The signal that Linux sends to the children of a process
/// that ended depends on the thread that started them, and one that watches from within a worker
/// would be a child that it does not expect.)
///
/// One of the files that wrap the C library, hence the acknowledged pointers.
enum Survivor {
  /// Keeps the words with a plus, forgets those with a minus, and at the end ends what is kept.
  ///
  /// A number below zero is a group, anything else a folder. Links in a folder are not followed.
  private static let script = """
    trap '' HUP INT QUIT TERM
    while IFS= read -r line; do
      word=${line#?}
      for known do shift; [ "$known" = "$word" ] || set -- "$@" "$known"; done
      case $line in +*) set -- "$@" "$word" ;; esac
    done
    for known do case $known in -*) kill -9 "$known" ;; esac; done
    for known do case $known in /*) rm -rf -- "$known" ;; esac; done
    """

  /// The shell that listens.
  private struct Shell {
    let input: PipeEnd
    let pid: pid_t
  }

  private struct State {
    /// `nil` before it is needed, or where it cannot be started.
    var shell: Shell?
    /// What a shell has to know, for one that takes the place of another.
    var known: Set<String> = []
  }

  private static let state = Mutex(State())

  static func add(_ word: String) {
    state.withLock { state in
      state.known.insert(word)
      if state.shell != nil, tell("+" + word, &state) { return }
      state.shell = start()
      for known in state.known.sorted() where !tell("+" + known, &state) { return }
    }
  }

  static func remove(_ words: some Sequence<String>) {
    state.withLock { state in
      state.known.subtract(words)
      for word in words where !tell("-" + word, &state) { return }
    }
  }

  /// Returns whether somebody listens; one that does so too slowly does not hold this process up.
  private static func tell(_ line: String, _ state: inout State) -> Bool {
    guard let shell = state.shell else { return false }
    guard !line.contains("\n") else { return true }
    let bytes = Array((line + "\n").utf8)
    let outcome = unsafe bytes.withUnsafeBytes { bytes in unsafe shell.input.write(bytes) }
    guard case .ended = outcome else { return true }
    // Somebody ended it: what nobody waits for would stay in the list of processes.
    state.shell = nil
    waitpid(shell.pid, nil, WNOHANG)
    return false
  }

  private static func start() -> Shell? {
    guard let pipe = PipeEnd.make() else { return nil }
    let nowhere = unsafe open("/dev/null", O_WRONLY | O_CLOEXEC)
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let (code, pid) = WorkerProcess.spawn(
      ["/bin/sh", "-c", script, "gauntlet-survivor"], ["PATH": path],
      [pipe.reading, nowhere, nowhere])
    for end in [pipe.reading, nowhere] where end >= 0 { _ = close(end) }
    let input = PipeEnd(pipe.writing)
    return code == 0 ? Shell(input: input, pid: pid) : nil
  }
}
