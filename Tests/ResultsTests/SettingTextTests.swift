import Results
import Testing

@Suite struct SettingTextTests {
  @Test func differencesAreCutAndPrintable() {
    let long = String(repeating: "x", count: 500)
    let text = Setting.differences(
      ["a\u{85}": "b\u{202e}", "k": .string(long)], ["a\u{85}": "\u{9b}", "k": 1])
    #expect(text.contains("a\\u{85} was") && text.contains("\\u{202e}") && text.contains("\\u{9b}"))
    #expect(!text.unicodeScalars.contains { (0x7f..<0xa0).contains($0.value) })
    #expect(text.count < 300 && text.contains("k was \"xxx") && text.contains("…, is 1"))
  }
}
