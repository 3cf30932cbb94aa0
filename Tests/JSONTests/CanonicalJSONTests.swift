import Foundation
import JSON
import Testing

@Suite struct CanonicalJSONTests {
  struct NumberCase: Sendable, CustomTestStringConvertible {
    var value: Double
    var text: String
    var testDescription: String { text }
  }

  static let numbers: [NumberCase] = [
    .init(value: 0, text: "0"), .init(value: -0.0, text: "0"), .init(value: 1, text: "1"),
    .init(value: -1.5, text: "-1.5"), .init(value: 0.1, text: "0.1"),
    .init(value: 1.0 / 3, text: "0.3333333333333333"), .init(value: 100, text: "100"),
    .init(value: 1e-6, text: "0.000001"), .init(value: 1e-7, text: "1e-7"),
    .init(value: 1.25e-9, text: "1.25e-9"), .init(value: 123.456, text: "123.456"),
    .init(value: 1e16, text: "10000000000000000"),
    .init(value: 1e20, text: "100000000000000000000"),
    .init(value: 1e21, text: "1e+21"), .init(value: 1.5e300, text: "1.5e+300"),
    .init(value: .greatestFiniteMagnitude, text: "1.7976931348623157e+308"),
    .init(value: .leastNonzeroMagnitude, text: "5e-324"),
    .init(value: 333_333_333.333_333_29, text: "333333333.3333333"),
    .init(value: 0.001, text: "0.001"),
    .init(value: 9_007_199_254_740_992, text: "9007199254740992"),
  ]

  @Test(arguments: numbers) func numbersAreShortest(_ item: NumberCase) {
    #expect(CanonicalJSON.number(item.value) == item.text)
  }

  @Test func numbersReadBackToTheBit() {
    var bits: UInt64 = 0x9E37_79B9_7F4A_7C15
    for _ in 0..<20_000 {
      bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let value = Double(bitPattern: bits)
      guard value.isFinite, value != 0 else { continue }
      #expect(Double(CanonicalJSON.number(value))?.bitPattern == value.bitPattern)
    }
  }

  @Test func notANumberTraps() async {
    await #expect(processExitsWith: .failure) { _ = CanonicalJSON.number(Double.nan) }
    await #expect(processExitsWith: .failure) { _ = CanonicalJSON.number(-Double.infinity) }
  }

  @Test func objectsAreSortedWithoutWhiteSpace() {
    let value: JSONValue = [
      "b": [1, 2.5, true, nil], "a/b": "x/y", "a": ["z": 1, "Z": 2], "a10": 0, "a2": [],
    ]
    #expect(
      CanonicalJSON.string(value)
        == #"{"a":{"Z":2,"z":1},"a/b":"x/y","a10":0,"a2":[],"b":[1,2.5,true,null]}"#)
  }

  @Test func keysSortByUTF16AsTheStandardAsks() {
    // In UTF-16 the surrogates of U+1F600 come before U+FB33; by scalar it is the other way.
    let value: JSONValue = ["\u{fb33}": 3, "\u{1f600}": 2, "\u{20ac}": 1]
    #expect(CanonicalJSON.string(value) == "{\"\u{20ac}\":1,\"\u{1f600}\":2,\"\u{fb33}\":3}")
  }

  @Test func stringsAreEscapedMinimally() {
    let value: JSONValue = "\u{20ac}$\u{f}\nA'B\"\\/\u{7f}\r\u{8}\u{c}\t\u{1b}é"
    #expect(
      CanonicalJSON.string(value)
        == "\"\u{20ac}$\\u000f\\nA'B\\\"\\\\/\u{7f}\\r\\b\\f\\t\\u001bé\"")
  }

  @Test func wholeNumbersAreWrittenAlikeAndKeepTheirDigits() {
    #expect(CanonicalJSON.string([1, 1.0]) == "[1,1]")
    #expect(CanonicalJSON.string(.integer(.max)) == "9223372036854775807")
  }

  @Test func valuesSurviveDecoding() throws {
    let text = #"{"a":[1,2.5,"x",true,false,null,{}],"b":1e-7}"#
    let value = try JSONDecoder().decode(JSONValue.self, from: Data(text.utf8))
    #expect(value == ["a": [1, 2.5, "x", true, false, nil, [:]], "b": 1e-7])
    #expect(CanonicalJSON.string(value) == text)
  }
}
