import Foundation
import Testing

/// The module that `plugin new` writes is a file of the Python package.
@Suite struct WorkerModuleTests {
  private static let source = "Python/src/gauntlet_fl/worker.py"
  private static let copy = "Sources/gauntlet/Plugins/WorkerModule.swift"

  /// `RECORD_GOLDENS=1` writes the program's copy anew, and fails.
  @Test func theCopyInTheProgramIsTrue() throws {
    let root = DocumentationPage.root
    let source = try String(
      contentsOf: root.appendingPathComponent(Self.source), encoding: .utf8)
    // It stands in a raw literal.
    #expect(!source.contains("\"\"\"#") && !source.contains("\\#") && source.hasSuffix("\n"))
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? "" : "    " + $0 }
    let text = """
      // Written by `make pages` from \(Self.source); change that one.

      /// The module that workers in Python import where the package is not installed.
      enum WorkerModule {
        static let fileName = "gauntlet_worker.py"

        static let text = #\"""
      \(lines.joined(separator: "\n"))
          \"""#
      }

      """
    let path = root.appendingPathComponent(Self.copy)
    if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1" {
      try Data(text.utf8).write(to: path)
      Issue.record("Recorded \(Self.copy); run again without RECORD_GOLDENS")
      return
    }
    let found = try String(contentsOf: path, encoding: .utf8)
    #expect(found == text, "\(Self.copy) is not \(Self.source); make pages writes it")
  }
}
