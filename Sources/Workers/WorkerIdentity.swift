import Components
import Diagnostics
import Federation
import Foundation
import Hashing
import JSON

extension WorkerCommand {
  /// What tells results of this worker from those of another: its words, the contents of the files
  /// among them and of ``files``, and what it calls itself.
  ///
  /// Paths, limits and the sandbox are left out: they decide no number.
  ///
  /// - Throws: ``ConfigurationError`` for a file that is missing or cannot be read.
  func identity(
    of ready: WorkerReady, component: ComponentID
  ) throws(ConfigurationError) -> ComponentIdentity {
    var problems: [ConfigurationError.Problem] = []
    func digest(_ word: String) -> String {
      let path = UserPath.joined(folder, word)
      guard let digest = Self.digest(of: path) else {
        problems.append(.invalid(component: component, reason: "cannot read '\(excerpt(path))'"))
        return ""
      }
      return "sha256:" + digest
    }
    let exec = words.enumerated().map { place, word in
      // What the shell looks for elsewhere is a program of the machine.
      let isOwn = place > 0 || word.contains("/")
      return isOwn && AbsolutePath.isFile(UserPath.joined(folder, word)) ? digest(word) : word
    }
    let files = files.map(digest)
    guard problems.isEmpty else { throw ConfigurationError(problems) }
    var values = [
      "exec": CanonicalJSON.string(JSONValue(exec)), "name": ready.name, "version": ready.version,
    ]
    if !files.isEmpty { values["files"] = CanonicalJSON.string(JSONValue(files)) }
    return ComponentIdentity(values, replacing: WorkerParameters.running)
  }

  private static func digest(of path: String) -> String? {
    guard AbsolutePath.isFile(path), let file = FileHandle(forReadingAtPath: path) else {
      return nil
    }
    var hash = SHA256()
    do {
      while let data = try file.read(upToCount: 1 << 20), !data.isEmpty {
        hash.update([UInt8](data))
      }
    } catch {
      return nil
    }
    return Hexadecimal.string(hash.finalize())
  }
}
