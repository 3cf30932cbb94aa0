import Foundation
import Testing

/// The module that `plugin new` writes, and the one beside the examples, is a file of the Python package.
@Suite struct WorkerModuleTests {
  private static let source = "Python/src/gauntlet_fl/worker.py"
  private static let copy = "Sources/gauntlet/Plugins/WorkerModule.swift"
  private static let exampleCopy = "Python/examples/gauntlet_worker.py"

  /// `RECORD_GOLDENS=1` writes the copy anew, and fails.
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
    try check(Self.copy, text)
  }

  /// The examples run where the package is not installed.
  @Test func theCopyBesideTheExamplesIsTrue() throws {
    let source = DocumentationPage.root.appendingPathComponent(Self.source)
    try check(Self.exampleCopy, String(contentsOf: source, encoding: .utf8))
  }

  private func check(_ name: String, _ text: String) throws {
    let path = DocumentationPage.root.appendingPathComponent(name)
    if ProcessInfo.processInfo.environment["RECORD_GOLDENS"] == "1" {
      try Data(text.utf8).write(to: path)
      Issue.record("Recorded \(name); run again without RECORD_GOLDENS")
      return
    }
    let found = try String(contentsOf: path, encoding: .utf8)
    #expect(found == text, "\(name) is not \(Self.source); make pages writes it")
  }
}
