import Foundation
import Testing
import _TestSupport

/// Runs the tiny scenario with five seeds once for a suite, and records a baseline of it.
struct RecordedResults: SuiteTrait, TestScoping {
  @TaskLocal private static var recorded: TemporaryFolder?

  static let scenario = TestScenario.tiny("seeds: [1, 2]", "seeds: {from: 1, count: 5}")

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.scenario, to: "tiny.yaml")
    for line in [
      "run tiny.yaml -o results --progress none", "baseline make results -o baseline.json",
    ] {
      let arguments = line.split(separator: " ").map(String.init)
      let outcome = try Program.run(arguments, in: folder.path)
      guard outcome.status == 0 else { throw Failure(description: outcome.errors) }
    }
    try await Self.$recorded.withValue(folder) { try await function() }
  }

  /// A folder of its own for a test, with `tiny.yaml`, `results` and `baseline.json`.
  static func copy() throws -> TemporaryFolder {
    guard let recorded else { throw Failure(description: "the suite lacks .recordedResults") }
    let folder = try TemporaryFolder()
    for name in try recorded.names() {
      try FileManager.default.copyItem(
        atPath: recorded.path + "/" + name, toPath: folder.path + "/" + name)
    }
    return folder
  }

  struct Failure: Error, CustomStringConvertible { let description: String }
}

extension Trait where Self == RecordedResults {
  static var recordedResults: Self { Self() }
}
