import Testing

@testable import JSON

@Suite struct WordTableTests {
  @Test func wordsAreWhatTheBytesSay() {
    let table = WordTable()
    // Twice, and more than the table keeps.
    for _ in 0..<2 {
      for number in 0..<10_000 {
        let word = "metric.\(number)"
        let bytes = Array("x\(word)y".utf8)
        #expect(table.word(bytes, 1..<bytes.count - 1) == word)
      }
    }
    #expect(table.word([], 0..<0) == "")
    #expect(table.word(Array("é".utf8), 0..<2) == "é")
  }

  @Test func whatIsNotUTF8IsNoWord() {
    let table = WordTable()
    #expect(table.word([0xFF], 0..<1) == nil)
    #expect(table.word([0x61, 0xC3], 0..<2) == nil)
    #expect(table.word([0x61, 0xC3], 0..<1) == "a")
  }
}
