import Foundation
import Testing
import _TestSupport

@Suite struct CitationFileTests {
  @Test func theCitationHasTheVersionOfTheProgram() throws {
    let file = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("CITATION.cff")
    let citation = try String(contentsOf: file, encoding: .utf8)
    let folder = try TemporaryFolder()
    let version = try Program.run(["--version"], in: folder.path).outputLines.first ?? ""
    let number = try #require(version.split(separator: " ").last)
    #expect(citation.split(separator: "\n").contains("version: \(number)"), "\(version)")
  }
}
