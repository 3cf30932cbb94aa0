import Testing

@testable import Markup

@Suite struct PrintableTests {
  @Test func controlAndBidirectionalCharactersAreSpelledOut() {
    for value in [0, 7, 0x1B, 0x7F, 0x85, 0x9B, 0x61C, 0x200E, 0x200F, 0x2028, 0x202E, 0x2066] {
      let scalar = Unicode.Scalar(UInt32(value))!
      #expect(
        Printable.escaped("a\(scalar)b") == "a\\u{\(String(value, radix: 16))}b", "\(value)")
    }
    #expect(Printable.escaped("é漢 e\u{301} 👍🏽") == "é漢 e\u{301} 👍🏽")
  }

  @Test func excerptsEndAfterSoManyCharacters() {
    #expect(Printable.excerpt("abc", limit: 3) == "abc")
    #expect(Printable.excerpt("abcd", limit: 3) == "abc…")
    #expect(Printable.excerpt("\u{1B}\u{1B}", limit: 1) == "\\u{1b}…")
    #expect(Printable.excerpt("") == "")
    #expect(Printable.excerpt(String(repeating: "é", count: 1_000_000)).count == 81)
  }

  @Test(arguments: [
    ("x is 'abcdef', not 'ab'", "x is 'abc…', not 'ab'"),
    ("was \"abcdef\"", "was \"abc…\""),
    ("'abcdef'", "'abc…'"),
    // Apostrophes are no quotation marks.
    ("the server's data isn't theirs", "the server's data isn't theirs"),
    ("a 'b c d e f without an end", "a 'b c d e f without an end"),
    ("an 'o'clock' abcdef", "an 'o'c…' abcdef"),
  ])
  func quotedValuesAreCut(message: String, shown: String) {
    #expect(QuotedValues.shortened(message, limit: 3) == shown)
  }

  /// Quotation marks that are never closed cost no more than the others.
  @Test func manyQuotationMarks() {
    let message = String(repeating: " 'a", count: 300_000)
    #expect(QuotedValues.shortened(message) == message)
  }
}
