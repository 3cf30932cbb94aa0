import Foundation

/// What a short program of the machine prints.
enum ProgramOutput {
  /// The first line of standard output; `nil` where the program is not there, fails, or takes longer
  /// than 10 seconds.
  static func firstLine(of words: [String]) -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    guard (try? process.run()) != nil else { return nil }
    let limit = DispatchWorkItem { process.terminate() }
    DispatchQueue.global().asyncAfter(deadline: .now() + 10, execute: limit)
    // The first line of a well-behaved program fits a pipe; one that writes on is ended.
    let text = pipe.fileHandleForReading.readData(ofLength: 4096)
    try? pipe.fileHandleForReading.close()
    process.waitUntilExit()
    limit.cancel()
    guard process.terminationReason == .exit, process.terminationStatus == 0 else { return nil }
    return String(decoding: text, as: UTF8.self).split(separator: "\n").first.map(String.init)
  }
}
