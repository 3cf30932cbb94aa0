import Diagnostics
import Testing

@Suite struct SuggestionTests {
  @Test(arguments: [
    ("krmu", "krum"), ("krun", "krum"), ("medain", "median"), ("multikrum", "multi-krum"),
    ("norm-cliping", "norm-clipping"), ("men", "mean"),
  ])
  func nearWordsAreSuggested(word: String, nearest: String) {
    let known = ["krum", "mean", "median", "multi-krum", "norm-clipping"]
    #expect(suggestion(for: word, among: known) == "; did you mean '\(nearest)'?")
  }

  @Test func farWordsListEverything() {
    #expect(suggestion(for: "flame", among: ["mean", "krum"]) == "; known: mean, krum")
    #expect(suggestion(for: "x", among: []) == "")
  }

  @Test func longWordsAreNearToNothing() {
    let long = String(repeating: "a", count: 64)
    #expect(suggestion(for: long, among: [long + "b", "mean"]) == "; known: \(long)b, mean")
    #expect(suggestion(for: long + "b", among: [long]) == "; known: \(long)")
    #expect(suggestion(for: long.dropLast() + "b", among: [long]) == "; did you mean '\(long)'?")
  }

  @Test func wordsAreListedOnceAndNotWithoutEnd() {
    #expect(suggestion(for: "flame", among: ["mean", "krum", "mean"]) == "; known: mean, krum")
    let many = (0..<500).map { "known-word-\($0)" }
    #expect(suggestion(for: "x", among: many).hasSuffix("known-word-99 and 400 more"))
    let long = String(repeating: "x", count: 1_000_000)
    #expect(suggestion(for: long, among: [long]).utf8.count < 100)
  }

  @Test func excerptsAreShortAndHarmless() {
    #expect(excerpt("krum") == "krum")
    #expect(excerpt("a\u{1B}\n\u{202E}") == #"a\u{1b}\u{a}\u{202e}"#)
    #expect(excerpt(String(repeating: "é", count: 80)) == String(repeating: "é", count: 80))
    #expect(
      excerpt(String(repeating: "x", count: 1_000)) == String(repeating: "x", count: 80) + "…")
  }

  @Test func tiesGoToTheFirstInOrder() {
    #expect(suggestion(for: "cat", among: ["rat", "bat"]) == "; did you mean 'bat'?")
  }
}
