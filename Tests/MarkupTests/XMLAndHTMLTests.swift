import Testing

@testable import Markup

@Suite struct XMLAndHTMLTests {
  @Test func textsCannotBecomeMarkup() {
    for text in HostileTexts.all + HostileTexts.random(1_000) {
      let page = HTML.tag("p", ["title": text, "lang": nil], .text(text)).markup
      #expect(page.hasPrefix("<p title=\"") && page.hasSuffix("</p>"))
      let inside = page.dropFirst(3).dropLast(4)
      #expect(inside.unicodeScalars.count { $0 == ">" } == 1, "\(page)")
      #expect(!inside.unicodeScalars.contains("<"), "\(page)")
      let quotes = text.unicodeScalars.count { $0 == "\"" }
      #expect(inside.unicodeScalars.count { $0 == "\"" } == 2 + quotes, "quotes only in content")
    }
  }

  @Test func attributesKeepQuotesAndLineBreaksInside() {
    #expect(XMLText.attribute("a\"b\n<&>") == "a&quot;b&#10;&lt;&amp;&gt;")
    #expect(XMLText.content("]]>\u{0}\u{FFFE}x\r") == "]]&gt;x&#13;")
  }

  @Test func emptyElementsHaveNoEnd() {
    #expect(HTML.tag("br").markup == "<br>")
    #expect(HTML.group(["<", .tag("b", [:], "c")]).markup == "&lt;<b>c</b>")
  }

  @Test func markdownRowsKeepTheirFields() {
    for text in HostileTexts.all + HostileTexts.random(1_000) {
      for shown in [
        MarkdownText.plain(text), MarkdownText.code(text), MarkdownText.paragraph(text),
      ] {
        let scalars = shown.unicodeScalars
        #expect(!scalars.contains("|") && !scalars.contains { $0.value < 0x20 }, "\(shown)")
        #expect(!shown.contains("<script") && !shown.contains("<!--"), "\(shown)")
      }
    }
    #expect(
      MarkdownText.header(["a", "b"], rightAligned: [false, true]) == ["| a | b |", "|---|---:|"])
  }
}
