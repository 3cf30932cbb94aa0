import Foundation
import Testing
import _TestSupport

@testable import JSON

/// The grammar of RFC 8259, case by case.
@Suite struct JSONScannerTests {
  private static func scan(_ bytes: [UInt8]) -> Result<JSONValue, JSONScanner.Problem> {
    Result { () throws(JSONScanner.Problem) in
      var scanner = JSONScanner(bytes)
      let value = try scanner.value()
      try scanner.finish()
      return value
    }
  }

  private static func scan(_ text: String) -> Result<JSONValue, JSONScanner.Problem> {
    scan(Array(text.utf8))
  }

  private static func skip(_ text: String) -> JSONScanner.Problem? {
    var scanner = JSONScanner(Array(text.utf8))
    do throws(JSONScanner.Problem) {
      try scanner.skip()
      try scanner.finish()
      return nil
    } catch {
      return error
    }
  }

  static let accepted: [(String, JSONValue)] = [
    ("null", .null), ("true", true), ("false", false), (" \t\r\n1 \n", 1),
    ("0", 0), ("-0", 0), ("-1", -1), ("9223372036854775807", .integer(.max)),
    ("-9223372036854775808", .integer(.min)), ("9223372036854775808", .number(0x1p63)),
    ("0.5", 0.5), ("-0.0", .number(-0.0)), ("1.0", 1.0), ("1e2", .number(100)),
    ("1E+2", .number(100)), ("1e-2", 0.01), ("1.25e0", 1.25),
    ("123456789.012345", 123456789.012345),
    ("1234567890.123456789", 1234567890.123456789),
    ("1.7976931348623157e308", .number(.greatestFiniteMagnitude)),
    ("5e-324", .number(.leastNonzeroMagnitude)), ("0.1", 0.1),
    ("0.30000000000000004", 0.30000000000000004),
    (#""""#, ""), (#""a""#, "a"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{c}\n\r\t"),
    (#""\u0041\u00e9\u20AC""#, "Aé€"), (#""\ud83d\uDE00""#, "😀"), (#""\u0000""#, "\0"),
    ("\"é😀\u{2028}\u{7f}\"", "é😀\u{2028}\u{7f}"), (#""a\u0062c\nd""#, "abc\nd"),
    (#""\uFFFF""#, "\u{FFFF}"),
    ("[]", []), ("[ ]", []), ("[1,[2],{}]", [1, [2], [:]]), ("{}", [:]), ("{ }", [:]),
    (#"{"a":1,"b":{"a":null}}"#, ["a": 1, "b": ["a": nil]]),
    (#"{"b":1,"a":2,"c":3}"#, ["a": 2, "b": 1, "c": 3]), (#"{"":0}"#, ["": 0]),
    (" [ 1 , 2 ] ", [1, 2]), (#" { "a" : [ ] } "#, ["a": []]),
  ]

  @Test(arguments: accepted) func legalTextIsRead(text: String, value: JSONValue) throws {
    #expect(try Self.scan(text).get() == value)
    #expect(Self.skip(text) == nil)
  }

  static let refused: [(String, String)] = [
    ("", "breaks off where a value should be"), ("  ", "breaks off where a value should be"),
    ("01", "a number is needed, not '01'"), ("-", "a number is needed, not '-'"),
    ("-01", "a number is needed, not '-01'"), ("1.", "a number is needed, not '1.'"),
    (".5", "a number is needed, not '.5'"), ("+1", "a number is needed, not '+1'"),
    ("1e", "a number is needed, not '1e'"), ("1e+", "a number is needed, not '1e+'"),
    ("1e1.5", "something follows the end"), ("0x10", "something follows the end"),
    ("--1", "a number is needed, not '--1'"), ("1_000", "something follows the end"),
    ("NaN", "a number is needed, not 'NaN'"), ("Infinity", "a number is needed, not 'Infinity'"),
    ("-Infinity", "a number is needed, not '-Infinity'"),
    ("1e999", "the number '1e999' is too large"), ("-1e999", "the number '-1e999' is too large"),
    ("nul", "a number is needed, not 'nul'"), ("True", "a number is needed, not 'True'"),
    ("tru", "true or false is needed, not 'tru'"), ("nulll", "something follows the end"),
    ("'a'", "a number is needed, not ''a''"), ("/**/1", "a number is needed, not '/**/1'"),
    ("1 // one", "something follows the end"), ("1 2", "something follows the end"),
    ("[1,]", "a number is needed, not ']'"), ("[,1]", "a number is needed, not ',1]'"),
    ("[1 2]", "',' or ']' is needed, not '2]'"), ("[1", "breaks off where ',' or ']' should be"),
    ("[", "breaks off where a value should be"), ("]", "a number is needed, not ']'"),
    ("[1}", "',' or ']' is needed, not '}'"), ("{]", "a text is needed, not ']'"),
    (#"{"a":1,}"#, "a text is needed, not '}'"), (#"{"a"}"#, "':' is needed, not '}'"),
    (#"{"a":}"#, "a number is needed, not '}'"), (#"{a:1}"#, "a text is needed, not 'a:1}'"),
    (#"{1:1}"#, "a text is needed, not '1:1}'"),
    (#"{"a":1 "b":2}"#, "',' or '}' is needed, not '\"b\":2}'"),
    (#"{"a":1"#, "breaks off where ',' or '}' should be"),
    (#"{"a""#, "breaks off where ':' should be"),
    (#"{"a":1,"a":2}"#, "the key 'a' is given twice"),
    (#"{"b":1,"a":2,"b":3}"#, "the key 'b' is given twice"),
    (#"{"a":1,"b":2,"a":3}"#, "the key 'a' is given twice"),
    (#"{"a":1,"\u0061":2}"#, "the key 'a' is given twice"),
    (#""a"#, "breaks off inside a text"), (#""a\"#, "breaks off inside a text"),
    (#""a\""#, "breaks off inside a text"), (#""\x""#, "an unknown escape in a text"),
    (#""\U0041""#, "an unknown escape in a text"), (#""\'""#, "an unknown escape in a text"),
    (#""\u12""#, "an escape without four hexadecimal digits"),
    (#""\u12g4""#, "an escape without four hexadecimal digits"),
    (#""\u+123""#, "an escape without four hexadecimal digits"),
    (#""\u-000""#, "an escape without four hexadecimal digits"),
    (#""\u 123""#, "an escape without four hexadecimal digits"),
    (#""\ud83d""#, "half a character in an escape"),
    (#""\ude00""#, "half a character in an escape"),
    (#""\ud83dx""#, "half a character in an escape"),
    (#""\ud83d\n""#, "half a character in an escape"),
    (#""\ud83d\ud83d""#, "half a character in an escape"),
    (#""\ude00\ud83d""#, "half a character in an escape"),
    ("\"a\tb\"", "a control character inside a text"),
    ("\"a\nb\"", "a control character inside a text"),
    ("\"\\n\u{1}\"", "a control character inside a text"),
    ("\"\0\"", "a control character inside a text"),
    ("\u{FEFF}1", "a number is needed, not '\u{FEFF}1'"),
    ("\u{A0}1", "a number is needed, not '\u{A0}1'"),
    ("1\u{C}", "something follows the end"),
  ]

  @Test(arguments: refused) func illegalTextIsRefused(text: String, reason: String) {
    #expect(throws: JSONScanner.Problem(line: 1, reason: reason)) { try Self.scan(text).get() }
    // What is passed over may be of any size.
    #expect(Self.skip(text)?.reason == (reason.hasSuffix("is too large") ? nil : reason))
  }

  static let notUTF8: [[UInt8]] = [
    [0x80], [0xC0, 0x80], [0xC3], [0xC3, 0x28], [0xE2, 0x82], [0xED, 0xA0, 0x80],
    [0xF0, 0x9F, 0x98], [0xF4, 0x90, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80], [0xFF], [0xFE],
    [0xE0, 0x80, 0xAF],
  ]

  @Test(arguments: notUTF8) func textHasToBeUTF8(bytes: [UInt8]) {
    let problem = JSONScanner.Problem(line: 1, reason: "a text is not UTF-8")
    let quote = UInt8(ascii: "\"")
    #expect(throws: problem) { try Self.scan([quote] + bytes + [quote]).get() }
    // Before an escape, behind one, and as a key.
    let escape = Array(#"\n"#.utf8)
    #expect(throws: problem) { try Self.scan([quote] + bytes + escape + [quote]).get() }
    #expect(throws: problem) { try Self.scan([quote] + escape + bytes + [quote]).get() }
    let rest = Array(":1}".utf8)
    #expect(throws: problem) {
      try Self.scan([UInt8(ascii: "{"), quote] + bytes + [quote] + rest).get()
    }
  }

  @Test(arguments: [("[", "]"), (#"{"a":"#, "}")])
  func nestingIsBounded(open: String, close: String) throws {
    func text(_ depth: Int) -> String {
      String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
    }
    _ = try Self.scan(text(512)).get()
    #expect(Self.skip(text(512)) == nil)
    for depth in [513, 5_000, 100_000] {
      #expect(Self.skip(text(depth))?.reason == "is nested too deeply")
      #expect(throws: JSONScanner.Problem(line: 1, reason: "is nested too deeply")) {
        try Self.scan(text(depth)).get()
      }
    }
    // Depth, not number.
    let flat = "[" + String(repeating: "[],", count: 2000) + "[]]"
    _ = try Self.scan(flat).get()
  }

  @Test(arguments: [
    ("[1,\n2,\n3x]", 3), ("[1,\r\n2,\r\n3x]", 3), ("\n\n\nx", 4), ("[\n\"a\nb\"]", 2),
    (#"["a\n\n",x]"#, 1), ("{\"a\":1,\n\"a\":2}", 2), ("[1]\n\n!", 3), ("[1,\r2x]", 1),
    ("{\n\n", 3),
  ])
  func problemsKnowTheirLine(text: String, line: Int) {
    guard case .failure(let problem) = Self.scan(text) else {
      Issue.record("is read: \(text)")
      return
    }
    #expect(problem.line == line)
  }

  @Test func aPartOfTheBytesIsReadByItself() throws {
    let bytes = Array("[1][2][3]".utf8)
    var scanner = JSONScanner(bytes, in: 3..<6, firstLine: 7)
    #expect(try scanner.value() == [2])
    try scanner.finish()
    #expect(scanner.line == 7)
    var short = JSONScanner(bytes, in: 3..<5, firstLine: 7)
    #expect(throws: JSONScanner.Problem(line: 7, reason: "breaks off where ',' or ']' should be")) {
      try short.value()
    }
  }

  @Test func typesAreAskedFor() throws {
    func reader(_ text: String) -> JSONScanner { JSONScanner(Array(text.utf8)) }
    var scanner = reader("5.0")
    #expect(try scanner.integer() == 5)
    scanner = reader("5.5")
    #expect(throws: JSONScanner.Problem(line: 1, reason: "'5.5' is not a whole number")) {
      try scanner.integer()
    }
    scanner = reader("1e30")
    #expect(throws: JSONScanner.Problem.self) { try scanner.integer() }
    scanner = reader("null")
    #expect(throws: JSONScanner.Problem.self) { try scanner.number() }
    let isNull = scanner.null()
    #expect(isNull)
    scanner = reader("true")
    #expect(throws: JSONScanner.Problem.self) { try scanner.string() }
    #expect(throws: JSONScanner.Problem.self) { try scanner.object { _, _ in } }
    #expect(throws: JSONScanner.Problem.self) { try scanner.array { _ in } }
    let bool = try scanner.bool()
    #expect(bool)
  }

  /// Short numerals take a way of their own, which has to give the same bits.
  @Test func numbersAreTheNearestDoubles() throws {
    var random = SeededGenerator(9)
    for _ in 0..<3000 {
      let digits = Int.random(in: 1...17, using: &random)
      var text = (0..<digits).map { _ in String(Int.random(in: 0...9, using: &random)) }.joined()
      text = String(text.drop { $0 == "0" })
      if text.isEmpty { text = "0" }
      if Bool.random(using: &random) {
        let whole = Int.random(in: 1...text.count, using: &random)
        text = text.prefix(whole) + "." + text.dropFirst(whole) + "5"
      }
      if Bool.random(using: &random) { text = "-" + text }
      var scanner = JSONScanner(Array(text.utf8))
      #expect(try scanner.number().bitPattern == Double(text)?.bitPattern, "\(text)")
    }
  }
}
