import Foundation
import Testing
import _TestSupport

/// The server of `Fixtures/mirror.py`, which ends with the value.
final class Mirror {
  let folder: TemporaryFolder
  let port: Int
  private let process = Process()

  init() throws {
    folder = try TemporaryFolder()
    let script = try #require(
      Bundle.module.path(forResource: "mirror", ofType: "py", inDirectory: "Fixtures"))
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", script, folder.path]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    var line = Data()
    while !line.contains(0x0a) {
      let piece = output.fileHandleForReading.availableData
      if piece.isEmpty { break }
      line += piece
    }
    port = try #require(
      Int(String(decoding: line, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)))
  }

  deinit {
    // Threads of tests block other signals, and what they start inherits that.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  /// The address that behaves so.
  func address(_ kind: String) -> String { "http://127.0.0.1:\(port)/\(kind)/" }

  /// What was asked for: kind, name, range.
  var requests: [String] {
    ((try? folder.text("requests")) ?? "").split(separator: "\n").map(String.init)
  }

  func offer(_ bytes: [UInt8], as name: String) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: folder.path + "/" + name))
  }
}
