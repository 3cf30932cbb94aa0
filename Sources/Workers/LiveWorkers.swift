import Foundation
import Synchronization

/// What this process has to clean up when it ends while workers run: their groups and folders.
///
/// A call that hangs cannot be waited for then. Where this process is killed, ``Survivor`` does it.
///
/// One of the files that wrap the C library, hence the acknowledged pointers.
enum LiveWorkers {
  private struct Entries {
    var groups: Set<pid_t> = []
    var folders: Set<String> = []
  }

  private static let entries = Mutex(Entries())

  private static let atEnd: Void = {
    atexit { LiveWorkers.endAll() }
  }()

  static func add(group: pid_t) {
    _ = atEnd
    entries.withLock { _ = $0.groups.insert(group) }
    Survivor.add("-\(group)")
  }

  static func remove(group: pid_t) {
    entries.withLock { _ = $0.groups.remove(group) }
    Survivor.remove(["-\(group)"])
  }

  /// Ends a group that is on the list; it leaves the list before its number can be anybody else's.
  static func end(group: pid_t) {
    entries.withLock { if $0.groups.contains(group) { kill(-group, SIGKILL) } }
  }

  static func add(folder: String) {
    _ = atEnd
    entries.withLock { _ = $0.folders.insert(folder) }
    Survivor.add(folder)
  }

  /// Removes a folder with all it holds; links in it are removed, not followed.
  static func remove(folder: String) {
    try? FileManager.default.removeItem(atPath: folder)
    entries.withLock { _ = $0.folders.remove(folder) }
    Survivor.remove([folder])
  }

  private static func endAll() {
    let left = entries.withLock { $0 }
    for group in left.groups { kill(-group, SIGKILL) }
    for folder in left.folders { try? FileManager.default.removeItem(atPath: folder) }
    Survivor.remove(left.groups.map { "-\($0)" } + left.folders)
  }
}
