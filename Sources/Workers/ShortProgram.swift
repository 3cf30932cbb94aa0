import Foundation

/// A program of the machine that says something and ends, such as one that is asked for its version.
public enum ShortProgram {
  /// How it went.
  public enum Ending: Hashable, Sendable {
    /// The first line of its output; empty where it says nothing.
    case done(String)
    /// It is there and fails, or goes on for too long; the last line of what it complains of.
    case failed(String?)
    case absent
  }

  /// What `env` ends with where it does not find a program.
  private static let notFound: Int32 = 127

  /// Runs a program, which `PATH` leads to, for so many seconds at most.
  ///
  /// What it leaves behind, a process that holds its output among them, is ended with it.
  public static func ending(of words: [String], within seconds: Double = 10) -> Ending {
    let deadline = Deadline(seconds: seconds)
    let environment = ProcessInfo.processInfo.environment
    guard let process = try? WorkerProcess(["/usr/bin/env"] + words, environment: environment)
    else { return .absent }
    process.closeInput()
    let line = (try? process.readLine(until: deadline)) ?? process.takeReceived()
    switch process.end(grace: deadline.rest ?? 0) {
    case 0: return .done(String(decoding: line.prefix(4096), as: UTF8.self))
    case notFound: return .absent
    default: return .failed(process.logTail.lastLines(1).last)
    }
  }
}
