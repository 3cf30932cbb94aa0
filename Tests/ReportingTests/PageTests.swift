import Foundation
import Markup
import Studies
import Testing

@testable import Reporting

@Suite struct PageTests {
  private static let hostile = [
    "<script>alert(1)</script>", "a|b", "$&%_#{}~^\\", "=cmd()", "\u{1B}[31m", "\u{202E}abc",
    "\"quoted\" 'too'", "two\nlines", String(repeating: "x", count: 10_000), "", "</style>", "]]>",
  ]

  private func page(_ name: String) -> String {
    let table = PageTable(
      name: name, caption: name,
      columns: [
        .init("name", name, help: name), .init("score", "Score", better: .higher, isNumeric: true),
      ],
      rows: [
        .init(
          [.init(.foreign(name), help: name), .init("0.500", value: "0.5")], keys: ["status": name],
          id: name)
      ])
    return PageFrame.document(
      title: name, style: [PageStyle.common], script: [PageScript.tables],
      body: [.tag("main", [:], table.html)])
  }

  @Test func digestsAreThoseOfSHA256() {
    // printf abc | openssl dgst -sha256 -binary | base64
    #expect(PageFrame.digest("abc") == "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=")
  }

  @Test func thePolicyNamesWhatStandsInThePage() throws {
    let text = page("plain")
    for (tag, source) in [("style", "style-src"), ("script", "script-src")] {
      let start = try #require(text.range(of: "<\(tag)>")).upperBound
      let end = try #require(text.range(of: "</\(tag)>", range: start..<text.endIndex)).lowerBound
      let digest = PageFrame.digest(String(text[start..<end]))
      #expect(text.contains("\(source) 'sha256-\(digest)'"))
    }
    #expect(text.contains("default-src 'none'"))
    #expect(!text.contains("unsafe-inline"))
  }

  @Test func withoutScriptsNoneMayRun() {
    let text = PageFrame.document(title: "t", style: [PageStyle.common], script: [], body: [])
    #expect(!text.contains("script"))
  }

  @Test(arguments: hostile) func namesStayText(name: String) {
    let text = page(name)
    #expect(text.components(separatedBy: "<script").count == 2)
    #expect(text.components(separatedBy: "</style>").count == 2)
    #expect(!text.contains("\u{1B}"))
    // Every quotation mark of an attribute is paired: none of the name's is left in one.
    #expect(!text.contains("\"quoted\" 'too'\""))
  }

  @Test func nothingIsLoadedAndNothingInline() {
    let text = page("plain")
    for sign in ["http:", "https:", "src=", "url(", " style=", " onclick=", "@import"] {
      #expect(!text.contains(sign), "\(sign)")
    }
  }

  @Test func whatIsMissingIsSortedLastAndSaysWhy() {
    let cell = PageTable.Cell.missing("not run", reason: "no trial")
    let table = PageTable(
      name: "t", caption: "c", columns: [.init("a", "A", better: .lower)], rows: [.init([cell])],
      heading: 1)
    #expect(
      table.html.markup.contains(
        #"<td data-v="" class="missing" title="no trial">not run</td>"#))
    #expect(table.html.markup.contains(#"data-better="lower""#))
  }
}
