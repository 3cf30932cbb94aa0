import Testing

@testable import Markup

@Suite struct LaTeXTextTests {
  @Test(arguments: [
    ("krum", "krum"),
    ("a_b & 5 %", "a\\_b \\& 5 \\%"),
    ("\\x{y}", "\\textbackslash{}x\\textbraceleft{}y\\textbraceright{}"),
    ("$1^2~#", "\\$1\\textasciicircum{}2\\textasciitilde{}\\#"),
    ("<a|b>", "\\textless{}a\\textbar{}b\\textgreater{}"),
    ("≥ 0.5 ± ∞ – κ", "$\\geq$ 0.5 $\\pm$ $\\infty$ -- $\\kappa$"),
    (
      "Özfatura Büyükateş Coşkuner",
      "{\\\"{O}}zfatura B{\\\"{u}}y{\\\"{u}}kate{\\c{s}} Co{\\c{s}}kuner"
    ),
    ("í ğ", "{\\'{\\i}} {\\u{g}}"),
    ("漢", "\\textbackslash{}u\\textbraceleft{}6f22\\textbraceright{}"),
    ("\u{1B}", "\\textbackslash{}u\\textbraceleft{}1b\\textbraceright{}"),
    // No dash of two hyphens, no argument of the end of a row.
    ("a--b [c]*", "a-{}-b {[}c{]}{*}"),
  ])
  func whatIsSpecialBecomesACommand(text: String, expected: String) {
    #expect(LaTeXText.plain(text) == expected)
  }

  @Test func nothingSpecialSurvivesAndBracesBalance() {
    for text in HostileTexts.all + HostileTexts.random(5_000) {
      let shown = LaTeXText.plain(text)
      #expect(TeXReader.problems(shown) == [], "\(text.debugDescription): \(shown)")
      let first = shown.unicodeScalars.first
      #expect(first != "[" && first != "*", "\(shown)")
    }
  }

  /// The reader of these tests sees what the writer is there for.
  @Test(arguments: ["a_b", "5 %", "{", "}", "\\input", "$", "é", "^", "\\\\", "a & b", "\n", "\"x"])
  func theReaderFindsProblems(text: String) {
    #expect(!TeXReader.problems(text).isEmpty)
  }

  @Test func namesAreCut() {
    #expect(LaTeXText.name(String(repeating: "_", count: 10_000)).count == 2 * 200 + 8)
    #expect(LaTeXText.name(String(repeating: "x", count: 200)).count == 200)
  }

  @Test func labelsAreSmallLettersDigitsAndHyphens() {
    #expect(LaTeXText.label("tab", "Worst case_2 {é}") == "tab:worst-case-2")
    for text in HostileTexts.all + HostileTexts.random(500) {
      #expect(LaTeXText.label("tab", text).wholeMatch(of: /tab:[a-z0-9-]*/) != nil)
    }
  }
}
