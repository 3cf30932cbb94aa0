import Testing

@testable import Markup

@Suite struct BibTeXTextTests {
  @Test(arguments: [
    ("Blanchard", 2017, "Machine learning with adversaries", "blanchard2017machine"),
    ("El Mhamdi", 2018, "The hidden vulnerability", "elmhamdi2018hidden"),
    ("Özfatura", 2024, "On the 3DFed way", "ozfatura20243dfed"),
    ("Sun", 2019, "Can you really backdoor federated learning?", "sun2019really"),
    ("Łøß", 2000, "Of", "loss2000of"),
    ("{\\x}", 1, "", "x1"),
  ])
  func keysFollowFromThePaperAlone(author: String, year: Int, title: String, key: String) {
    #expect(BibTeXText.key(author, year, title) == key)
  }

  @Test(arguments: [
    ("Machine learning with adversaries", "Machine learning with adversaries"),
    ("Attack of the tails: Yes, really", "Attack of the tails: Yes, really"),
    ("DBA: distributed attacks in IID data", "{DBA:} distributed attacks in {IID} data"),
    ("Can you? Yes", "Can you? {Yes}"),
    ("On the Byzantine robustness", "On the {Byzantine} robustness"),
    ("{x} & y", "\\textbraceleft{}x\\textbraceright{} \\& y"),
  ])
  func namesInTitlesKeepTheirCapitals(title: String, expected: String) {
    #expect(BibTeXText.title(title) == expected)
  }

  @Test func authorsOfSeveralWordsAreOneName() {
    #expect(
      BibTeXText.authors(["Blanchard", "El Mhamdi", "Müller", "and"])
        == "Blanchard and {El Mhamdi} and M{\\\"{u}}ller and {and}")
  }

  @Test func entriesLeaveOutWhatIsEmpty() {
    let entry = BibTeXText.entry("misc", "a2000b", [("title", "T"), ("doi", ""), ("year", "2000")])
    #expect(entry == "@misc{a2000b,\n  title = {T},\n  year = {2000}\n}\n")
  }

  @Test func identifiersStayAsTheyAreUnlessTheyDoHarm() {
    #expect(
      BibTeXText.identifier("10.1007/978-94-009-5438-0_20") == "10.1007/978-94-009-5438-0_20")
    #expect(BibTeXText.identifier("10.1/{}%") == "10.1/\\textbraceleft{}\\textbraceright{}\\%")
  }

  /// BibTeX counts braces whether or not a backslash stands before them.
  @Test func noTextLeavesItsField() {
    for text in HostileTexts.all + HostileTexts.random(2_000) {
      for shown in [
        BibTeXText.title(text), BibTeXText.plain(text), BibTeXText.authors([text, text]),
      ] {
        var depth = 0
        for scalar in shown.unicodeScalars {
          if scalar == "{" { depth += 1 }
          if scalar == "}" { depth -= 1 }
          #expect(depth >= 0)
        }
        #expect(depth == 0 && TeXReader.problems(shown) == [], "\(shown)")
      }
      let key = BibTeXText.key(text, 2000, text)
      #expect(key.wholeMatch(of: /[a-z0-9]*/) != nil, "\(key)")
    }
  }
}
