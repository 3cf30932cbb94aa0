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

  /// Our end of its input; `nil` before it is needed, or where it cannot be started.
  private static let input = Mutex<PipeEnd?>(nil)

  static func add(_ word: String) {
    input.withLock { input in
      if input == nil { input = start() }
      if let input { tell("+" + word, input) }
    }
  }

  static func remove(_ words: some Sequence<String>) {
    input.withLock { input in
      guard let input else { return }
      for word in words { tell("-" + word, input) }
    }
  }

  /// One that is gone, or does not listen, does not hold this process up.
  private static func tell(_ line: String, _ input: PipeEnd) {
    guard !line.contains("\n") else { return }
    let bytes = Array((line + "\n").utf8)
    unsafe bytes.withUnsafeBytes { bytes in _ = unsafe input.write(bytes) }
  }

  private static func start() -> PipeEnd? {
    guard let pipe = PipeEnd.make() else { return nil }
    let nowhere = unsafe open("/dev/null", O_WRONLY | O_CLOEXEC)
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let code = WorkerProcess.spawn(
      ["/bin/sh", "-c", script, "gauntlet-survivor"], ["PATH": path],
      [pipe.reading, nowhere, nowhere]
    ).code
    for end in [pipe.reading, nowhere] where end >= 0 { _ = close(end) }
    let input = PipeEnd(pipe.writing)
    return code == 0 ? input : nil
  }
}
