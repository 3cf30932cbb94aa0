import Testing

@testable import Reporting

@Suite struct PhrasesTests {
  @Test func breaksBetweenPhrases() {
    let text = "0.641 after 0.710, worse by 0.069, p = 0.0004"
    #expect(Phrases.wrapped(text, to: 80) == [text])
    #expect(
      Phrases.wrapped(text, to: 40) == ["0.641 after 0.710, worse by 0.069,", "p = 0.0004"])
    #expect(
      Phrases.wrapped(text, to: 12)
        == ["0.641 after", "0.710, worse", "by 0.069,", "p = 0.0004"])
    #expect(Phrases.wrapped("", to: 10) == [""])
    #expect(Phrases.wrapped("abcdefghijkl mn", to: 5) == ["abcdefghijkl", "mn"])
  }
}
