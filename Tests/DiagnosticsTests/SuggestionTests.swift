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

  @Test func tiesGoToTheFirstInOrder() {
    #expect(suggestion(for: "cat", among: ["rat", "bat"]) == "; did you mean 'bat'?")
  }
}
