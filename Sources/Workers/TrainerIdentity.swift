import Diagnostics
import Foundation
import Hashing
import JSON

extension WorkerCommand {
  /// SHA-256 of what tells results of a trainer from those of another: its words, the contents of the
  /// files among them and of ``files``, and what it calls itself.
  ///
  /// - Throws: `.declined` where a file cannot be read.
  func trainerIdentity(name: String, version: String) throws(WorkerError) -> String {
    var exec: [String] = []
    for (place, word) in words.enumerated() {
      let path = AbsolutePath.of(word, in: folder)
      // What the shell looks for elsewhere is a program of the machine.
      let isOwn = place > 0 || word.contains("/")
      exec.append(isOwn && AbsolutePath.isFile(path) ? try Self.digest(word, path) : word)
    }
    var others: [String] = []
    for file in files { others.append(try Self.digest(file, AbsolutePath.of(file, in: folder))) }
    let text = CanonicalJSON.string(
      .object([
        "exec": JSONValue(exec), "files": JSONValue(others), "name": .string(name),
        "version": .string(version),
      ]))
    return Hexadecimal.string(SHA256.hash(Array(text.utf8)))
  }

  private static func digest(_ name: String, _ path: String) throws(WorkerError) -> String {
    guard AbsolutePath.isFile(path), let data = FileManager.default.contents(atPath: path) else {
      throw .declined("cannot read '\(excerpt(name))'")
    }
    return "sha256:" + Hexadecimal.string(SHA256.hash([UInt8](data)))
  }
}
