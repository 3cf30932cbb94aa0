import Foundation
import Testing
import _TestSupport

/// What pages tell people to type and to open is there.
@Suite struct DocumentationTests {
  @Test(arguments: DocumentationPage.paths) func commandsParse(path: String) throws {
    let page = try DocumentationPage(path)
    let root = try CommandTree.program()
    var lines = page.codeSpans.filter { $0.text.hasPrefix("gauntlet ") }
    for block in page.blocks where block.language == "console" {
      for (index, line) in block.text.split(separator: "\n", omittingEmptySubsequences: false)
        .enumerated() where line.hasPrefix("$ ")
      {
        lines.append((block.line + index, String(line.dropFirst(2))))
      }
    }
    for (number, line) in lines {
      let words = Array(shellWords(line).drop { $0.contains("=") && !$0.hasPrefix("-") })
      guard words.first == "gauntlet", words.count > 1 else { continue }
      let problem = root.problem(words.dropFirst())
      #expect(problem == nil, "\(path):\(number): \(line)")
    }
  }

  @Test(arguments: DocumentationPage.paths) func makeTargetsAreThere(path: String) throws {
    let page = try DocumentationPage(path)
    let makefile = try DocumentationPage("Makefile").text
    let lines =
      page.codeSpans.map(\.text)
      + page.blocks.filter { $0.language == "console" }
      .flatMap { $0.text.split(separator: "\n").map { String($0.drop { "$ ".contains($0) }) } }
    for line in lines where line.hasPrefix("make ") {
      for word in shellWords(line).dropFirst()
      where !word.contains("=") {
        #expect(makefile.contains("\n\(word):") || makefile.contains("\n\(word) "), "\(line)")
      }
    }
  }

  /// Blocks of scenarios are validated by the program; parts of one, which name no schema, are not.
  @Test(arguments: DocumentationPage.paths) func scenariosAreValid(path: String) throws {
    let folder = try TemporaryFolder()
    for block in try DocumentationPage(path).blocks
    where block.text.hasPrefix("schema: gauntlet/scenario/") {
      let file = "\(folder.path)/scenario.yaml"
      try Data(block.text.utf8).write(to: URL(fileURLWithPath: file))
      let outcome = try Program.run(["validate", file], in: folder.path)
      #expect(outcome.status == 0, "\(path):\(block.line): \(outcome.errors)")
    }
  }

  /// Blocks of claims are read by the gate; whether they hold is not asked.
  @Test func claimsAreRead() throws {
    let folder = try TemporaryFolder()
    try folder.write(TestScenario.tiny, to: "tiny.yaml")
    for line in ["run tiny.yaml -o results -q", "baseline make results -o baseline.json -q"] {
      let outcome = try Program.run(line.split(separator: " ").map(String.init), in: folder.path)
      try #require(outcome.status == 0)
    }
    for path in DocumentationPage.paths {
      for block in try DocumentationPage(path).blocks
      where block.text.hasPrefix("schema: gauntlet/claims/") {
        try folder.write(block.text, to: "claims.yaml")
        let words = "gate results --baseline baseline.json --claims claims.yaml -q"
        let outcome = try Program.run(words.split(separator: " ").map(String.init), in: folder.path)
        #expect(outcome.status != 1, "\(path):\(block.line): \(outcome.errors)")
      }
    }
  }

  @Test(arguments: DocumentationPage.paths) func linksLeadSomewhere(path: String) throws {
    let page = try DocumentationPage(path)
    let folder = DocumentationPage.root.appendingPathComponent(path).deletingLastPathComponent()
    for (line, target) in page.localLinks {
      let isArticle = target.hasPrefix("doc:")
      let name = isArticle ? "\(target.dropFirst(4)).md" : String(target.prefix { $0 != "#" })
      #expect(isArticle == path.hasPrefix(DocumentationPage.articles), "\(path):\(line): \(target)")
      let file = folder.appendingPathComponent(name).standardizedFileURL.path
      let isThere = FileManager.default.fileExists(atPath: file)
      #expect(isThere, "\(path):\(line): \(target)")
      if let anchor = target.split(separator: "#").dropFirst().first, isThere {
        let text = name.isEmpty ? page.text : try String(contentsOfFile: file, encoding: .utf8)
        #expect(Self.anchors(of: text).contains(String(anchor)), "\(path):\(line): \(target)")
      }
    }
  }

  /// As GitHub makes them of headings.
  private static func anchors(of text: String) -> Set<String> {
    Set(
      text.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
        line.drop { $0 == "#" || $0 == " " }.lowercased().replacing(" ", with: "-")
          .filter { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
      })
  }

  @Test func everyArticleIsATopic() throws {
    let main = try DocumentationPage("\(DocumentationPage.articles)/Suite.md")
    let topics = Set(main.localLinks.map(\.target))
    for path in DocumentationPage.paths where path.hasPrefix(DocumentationPage.articles) {
      let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
      #expect(name == "Suite" || topics.contains("doc:\(name)"), "\(name)")
    }
  }

  @Test func theREADMEIsShort() throws {
    let count = try DocumentationPage("README.md").proseWordCount
    #expect(count <= 1_500 && count > 500)
  }

  /// Lines of sentences that people wrote; tables and blocks of code are as wide as they are.
  @Test(arguments: DocumentationPage.paths) func linesAreShort(path: String) throws {
    var isGenerated = false
    for (line, text) in try DocumentationPage(path).plainLines {
      if text.hasPrefix("<!-- begin ") { isGenerated = true }
      if text.hasPrefix("<!-- end ") { isGenerated = false }
      guard !isGenerated, !text.hasPrefix("|"), !text.hasPrefix("![") else { continue }
      // A link or a piece of code is not broken.
      #expect(text.count <= 100 || text.split(separator: " ").count < 4, "\(path):\(line)")
    }
  }
}
