import Foundation

/// What a short program of the machine prints.
enum ProgramOutput {
  /// How it went.
  enum Ending: Hashable {
    /// The first line of standard output; empty where it says nothing.
    case done(String)
    /// It is there and fails, or takes longer than 10 seconds; the last line of standard error.
    case failed(String?)
    case absent
  }

  /// What `env` ends with where it does not find a program.
  private static let notFound: Int32 = 127

  /// Runs a program, which `PATH` leads to.
  static func ending(of words: [String]) -> Ending {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.standardInput = FileHandle.nullDevice
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    guard (try? process.run()) != nil else { return .absent }
    let limit = DispatchWorkItem { process.terminate() }
    DispatchQueue.global().asyncAfter(deadline: .now() + 10, execute: limit)
    // Both fit a pipe for a well-behaved program; one that writes on is ended.
    let text = lines(output)
    let complaint = lines(errors)
    process.waitUntilExit()
    limit.cancel()
    guard process.terminationReason == .exit else { return .failed(complaint.last) }
    switch process.terminationStatus {
    case 0: return .done(text.first ?? "")
    case notFound: return .absent
    default: return .failed(complaint.last)
    }
  }

  private static func lines(_ pipe: Pipe) -> [String] {
    let text = pipe.fileHandleForReading.readData(ofLength: 4096)
    try? pipe.fileHandleForReading.close()
    return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
  }
}
