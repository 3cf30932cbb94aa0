import Components
import Diagnostics
import Federation
import Foundation
import Hashing
import JSON

extension WorkerCommand {
  /// What tells results of a rule or an attack from those of another: what it is made of, and what it
  /// calls itself.
  ///
  /// Paths, limits and the sandbox are left out: they decide no number.
  ///
  /// - Throws: ``ConfigurationError`` for a file that cannot be read.
  func identity(
    of ready: WorkerReady, component: ComponentID
  ) throws(ConfigurationError) -> ComponentIdentity {
    let made: Contents
    do throws(WorkerError) {
      made = try contents()
    } catch {
      throw ConfigurationError(
        .invalid(component: component, reason: "files: \(error.description)"))
    }
    var values = [
      "exec": CanonicalJSON.string(JSONValue(made.exec)), "name": ready.name,
      "version": ready.version,
    ]
    if !made.files.isEmpty { values["files"] = CanonicalJSON.string(JSONValue(made.files)) }
    return ComponentIdentity(values, replacing: WorkerParameters.running)
  }

  /// SHA-256 of what tells results of a trainer from those of another.
  ///
  /// - Throws: `.declined` where a file cannot be read.
  func trainerIdentity(name: String, version: String) throws(WorkerError) -> String {
    let made = try contents()
    let text = CanonicalJSON.string(
      .object([
        "exec": JSONValue(made.exec), "files": JSONValue(made.files), "name": .string(name),
        "version": .string(version),
      ]))
    return Hexadecimal.string(SHA256.hash(Array(text.utf8)))
  }

  /// What a worker is made of.
  private struct Contents {
    /// The words, with the digests of files among them in place of their paths.
    var exec: [String]
    /// The digests of ``WorkerCommand/files``.
    var files: [String]
  }

  private func contents() throws(WorkerError) -> Contents {
    var contents = Contents(exec: [], files: [])
    for (place, word) in words.enumerated() {
      // What the shell looks for elsewhere is a program of the machine.
      let isOwn = place > 0 || word.contains("/")
      let isFile = isOwn && AbsolutePath.isFile(AbsolutePath.of(word, in: folder))
      contents.exec.append(isFile ? try digest(of: word) : word)
    }
    for file in files { contents.files.append(try digest(of: file)) }
    return contents
  }

  private func digest(of name: String) throws(WorkerError) -> String {
    let path = AbsolutePath.of(name, in: folder)
    guard AbsolutePath.isFile(path), let file = FileHandle(forReadingAtPath: path) else {
      throw .declined("cannot read '\(excerpt(name))'")
    }
    var hash = SHA256()
    do {
      while let data = try file.read(upToCount: 1 << 20), !data.isEmpty {
        hash.update([UInt8](data))
      }
    } catch {
      throw .declined("cannot read '\(excerpt(name))'")
    }
    return "sha256:" + Hexadecimal.string(hash.finalize())
  }
}
