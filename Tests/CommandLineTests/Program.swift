import Foundation

/// The built `gauntlet`, started as users start it.
enum Program {
  /// What a process left behind.
  struct Outcome {
    let status: Int32
    /// Whether it ended by itself, not by a signal.
    let exited: Bool
    let output: String
    let errors: String

    var outputLines: [String] { output.split(separator: "\n").map(String.init) }
    var errorLines: [String] { errors.split(separator: "\n").map(String.init) }
  }

  /// The program lies beside the test bundle.
  static let path: String? = {
    var folder = URL(fileURLWithPath: Bundle.main.executablePath ?? CommandLine.arguments[0])
      .resolvingSymlinksInPath().deletingLastPathComponent()
    // On macOS the bundle is a few folders deep.
    for _ in 0..<5 {
      let candidate = folder.appendingPathComponent("gauntlet").path
      if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
      folder.deleteLastPathComponent()
    }
    return nil
  }()

  struct NotBuilt: Error, CustomStringConvertible {
    var description: String { "gauntlet is not beside the tests; swift test builds both" }
  }

  /// Runs the program to its end in a folder, which relative paths are relative to.
  static func run(
    _ arguments: [String], in folder: String, environment: [String: String] = [:]
  ) throws -> Outcome {
    let started = try Started(arguments, in: folder, environment: environment)
    return try started.end()
  }

  /// Runs a line of the shell, in which `$GAUNTLET` is the program.
  static func shell(_ line: String, in folder: String) throws -> Outcome {
    let started = try Started(["-c", line], program: "/bin/sh", in: folder)
    return try started.end()
  }

  /// A process that may still be running.
  final class Started {
    let process = Process()
    private let outputPath: String
    private let errorPath: String

    init(
      _ arguments: [String], program: String? = nil, in folder: String,
      environment: [String: String] = [:]
    ) throws {
      guard let gauntlet = Program.path else { throw NotBuilt() }
      process.executableURL = URL(fileURLWithPath: program ?? gauntlet)
      process.arguments = arguments
      process.currentDirectoryURL = URL(fileURLWithPath: folder)
      var variables = ProcessInfo.processInfo.environment
      for name in ["COLUMNS", "NO_COLOR", "GAUNTLET_DATA", "CI", "GITHUB_STEP_SUMMARY"] {
        variables[name] = nil
      }
      variables["GAUNTLET"] = gauntlet
      process.environment = variables.merging(environment) { $1 }
      // Files, because a pipe that nobody reads fills up.
      let name = FileManager.default.temporaryDirectory
        .appendingPathComponent("gauntlet-output-\(UUID().uuidString)").path
      (outputPath, errorPath) = (name + ".out", name + ".err")
      process.standardInput = FileHandle.nullDevice
      process.standardOutput = try Self.created(outputPath)
      process.standardError = try Self.created(errorPath)
      try process.run()
    }

    /// What is on standard error by now.
    func errorsSoFar() throws -> String { try Self.text(errorPath) }

    /// Waits for the end.
    func end() throws -> Outcome {
      process.waitUntilExit()
      defer {
        for path in [outputPath, errorPath] { try? FileManager.default.removeItem(atPath: path) }
      }
      return Outcome(
        status: process.terminationStatus, exited: process.terminationReason == .exit,
        output: try Self.text(outputPath), errors: try Self.text(errorPath))
    }

    private static func created(_ path: String) throws -> FileHandle {
      try Data().write(to: URL(fileURLWithPath: path))
      return try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    }

    private static func text(_ path: String) throws -> String {
      String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }
  }
}
