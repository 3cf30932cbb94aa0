import Diagnostics
import Foundation
import Hashing
import Results
import Simulation

/// Facts about this run for `run.json`.
enum RunInfo {
  /// Facts about a run of the trials at these places of a plan; `nil`: all.
  static func manifest(of plan: Plan, places: Range<Int>? = nil) -> RunManifestV1 {
    RunManifestV1(
      tool: tool,
      engine: Engine.number,
      scenario: .init(
        name: plan.name, sha256: plan.scenarioSHA256,
        resolved: places.map(plan.resolved(of:)) ?? plan.resolved),
      data: plan.data,
      machine: .init(
        cores: ProcessInfo.processInfo.activeProcessorCount, arch: architecture,
        os: ProcessInfo.processInfo.operatingSystemVersionString),
      invocation: invocation, started: now())
  }

  /// Which program this is, and how it was built.
  static var tool: RunManifestV1.Tool {
    .init(version: Tool.version, swift: swiftVersion, build: build)
  }

  /// The command line, with the program's name instead of its path.
  static var invocation: [String] { ["gauntlet"] + CommandLine.arguments.dropFirst() }

  /// The time in ISO 8601, UTC.
  static func now() -> String {
    RunManifestV1.timestamp(Date())
  }

  /// SHA-256 of a file's bytes in hexadecimal; `nil` if it cannot be read.
  static func fileDigest(_ path: String) -> String? {
    guard let file = try? UserFile(path) else { return nil }
    var hash = SHA256()
    while true {
      guard let piece = try? file.read(upTo: 1 << 20) else { return nil }
      if piece.isEmpty { return Hexadecimal.string(hash.finalize()) }
      hash.update(piece)
    }
  }

  private static var architecture: String {
    #if arch(x86_64)
    "x86_64"
    #elseif arch(arm64)
    "arm64"
    #else
    "other"
    #endif
  }

  private static var swiftVersion: String {
    #if compiler(>=6.4)
    "6.4 or later"
    #elseif compiler(>=6.3)
    "6.3"
    #else
    "6.2"
    #endif
  }

  private static var build: String {
    #if DEBUG
    "debug"
    #else
    "release"
    #endif
  }
}
