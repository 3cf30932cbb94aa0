import Testing

/// Tables of methods, keys, metrics and commands are what the program itself says.
@Suite struct GeneratedPagesTests {
  @Test func pagesSayWhatTheProgramSays() throws {
    for part in try GeneratedPages.all() {
      if let difference = try part.difference() { Issue.record(Comment(rawValue: difference)) }
    }
  }

  @Test func aCitationIsShortened() {
    let source = Source(
      "Blanchard, El Mhamdi, Guerraoui. Machine Learning with Adversaries. NeurIPS 2017. arXiv:1703.02757"
    )
    #expect(
      source.isCitation
        && source.short == "[Blanchard et al., NeurIPS 2017](https://arxiv.org/abs/1703.02757)")
    #expect(
      source.full.hasSuffix("NeurIPS 2017. [arXiv:1703.02757](https://arxiv.org/abs/1703.02757)"))
    let two = Source("A, B. A title. With a point. 2020.")
    #expect(two.short == "A and B, 2020")
    let remark = Source("Folklore; the defaults are ours.")
    #expect(!remark.isCitation)
  }

  @Test func textIsTakenLiterally() {
    #expect(Markdown.text("a_b * `c_d|` <e>") == "a\\_b \\* `c_d|` \\<e>")
    #expect(Markdown.text("one ` alone") == "one \\` alone")
    #expect(Markdown.code("a|b") == "`a\\|b`")
    #expect(Markdown.block("aa bb cc", width: 5) == "```text\naa bb\n  cc\n```")
  }
}
