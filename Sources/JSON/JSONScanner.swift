/// Reads JSON (RFC 8259) from bytes, value by value, knowing the line it is at.
///
/// Own code, because Foundation's decoder neither tells the line of a problem nor notices a key
/// that is given twice, and needs seconds for the log of ten thousand trials. It is strict: no
/// comments, no trailing commas, no `NaN`, nothing after the last value, at most 512 levels.
public struct JSONScanner {
  /// What is wrong, and in which line, counted from 1.
  public struct Problem: Error, Hashable, Sendable {
    public let line: Int
    public let reason: String

    public init(line: Int, reason: String) {
      self.line = line
      self.reason = reason
    }
  }

  private let bytes: [UInt8]
  private let end: Int
  private let words: WordTable
  private var position: Int
  private var depth = 0
  /// The line that the scanner has come to.
  public private(set) var line: Int

  /// Reads all the bytes, or the given range of them, which starts in the line `firstLine`.
  ///
  /// Scanners of many texts of one kind share the table of `words`.
  public init(
    _ bytes: [UInt8], in range: Range<Int>? = nil, firstLine: Int = 1,
    words: WordTable = WordTable()
  ) {
    self.bytes = bytes
    self.words = words
    let range = range ?? 0..<bytes.count
    position = range.lowerBound
    end = range.upperBound
    line = firstLine
  }

  /// How many bytes are behind it, with those before its range; of a problem, where it is.
  public var offset: Int { position }

  /// A problem in the present line.
  public func problem(_ reason: String) -> Problem { Problem(line: line, reason: reason) }

  // MARK: - Values

  /// Reads an object; `member` is called for each key and has to read or skip its value.
  ///
  /// - Throws: a problem if a key is given twice, too.
  public mutating func object(
    _ member: (inout JSONScanner, String) throws(Problem) -> Void
  ) throws(Problem) {
    try open(UInt8(ascii: "{"), "an object")
    var keys = KeyRecord()
    if close(UInt8(ascii: "}")) { return }
    repeat {
      let key = try word()
      guard keys.insert(key) else { throw problem("the key '\(key)' is given twice") }
      skipSpace()
      guard take(UInt8(ascii: ":")) else { throw unexpected("':'") }
      try member(&self, key)
      skipSpace()
    } while take(UInt8(ascii: ","))
    guard close(UInt8(ascii: "}")) else { throw unexpected("',' or '}'") }
  }

  /// Reads an array; `element` is called before each element and has to read or skip it.
  public mutating func array(
    _ element: (inout JSONScanner) throws(Problem) -> Void
  ) throws(Problem) {
    try open(UInt8(ascii: "["), "an array")
    if close(UInt8(ascii: "]")) { return }
    repeat {
      try element(&self)
      skipSpace()
    } while take(UInt8(ascii: ","))
    guard close(UInt8(ascii: "]")) else { throw unexpected("',' or ']'") }
  }

  /// Reads a string.
  public mutating func string() throws(Problem) -> String { try string(isWord: false) }

  /// Reads a string that is likely to come again; equal ones share their memory.
  public mutating func word() throws(Problem) -> String { try string(isWord: true) }

  private mutating func string(isWord: Bool) throws(Problem) -> String {
    skipSpace()
    guard take(UInt8(ascii: "\"")) else { throw unexpected("a text") }
    let first = position
    while position < end {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        let range = first..<position
        let known =
          isWord ? words.word(bytes, range) : String(validating: bytes[range], as: UTF8.self)
        guard let known else { throw problem("a text is not UTF-8") }
        position += 1
        return known
      case UInt8(ascii: "\\"): return try escapedString(from: first)
      case 0..<0x20: throw problem("a control character inside a text")
      default: position += 1
      }
    }
    throw problem("breaks off inside a text")
  }

  /// Reads a finite number.
  public mutating func number() throws(Problem) -> Double {
    let range = try numeral()
    if let value = quickNumber(range) { return value }
    return try number(text(of: range))
  }

  private func number(_ text: String) throws(Problem) -> Double {
    guard let value = Double(text), value.isFinite else {
      throw problem("the number '\(text)' is too large")
    }
    return value
  }

  /// A numeral of at most fifteen digits and no exponent, which one division makes exactly: both
  /// sides of it are doubles (Clinger, PLDI 1990).
  private func quickNumber(_ range: Range<Int>) -> Double? {
    guard range.count <= 16 else { return nil }
    var whole = 0
    var digits = 0
    var power = 1
    var hasPoint = false
    for index in range {
      switch bytes[index] {
      case 48...57:
        whole = 10 * whole + Int(bytes[index] - 48)
        digits += 1
        if hasPoint { power *= 10 }
      case UInt8(ascii: "."): hasPoint = true
      case UInt8(ascii: "-"): break
      default: return nil
      }
    }
    guard digits <= 15 else { return nil }
    let value = Double(whole) / Double(power)
    return bytes[range.lowerBound] == UInt8(ascii: "-") ? -value : value
  }

  /// Reads a whole number that fits an `Int`, such as `5` but not `5.5`.
  public mutating func integer() throws(Problem) -> Int {
    let text = text(of: try numeral())
    guard let value = Int(text) ?? Double(text).flatMap({ Int(exactly: $0) }) else {
      throw problem("'\(text)' is not a whole number")
    }
    return value
  }

  /// Reads a whole number from 0 on that is written with digits alone: neither `-1` nor `5.0`.
  public mutating func wholeNumber() throws(Problem) -> Int {
    let range = try numeral()
    guard let value = Int(text(of: range)), bytes[range.lowerBound] != UInt8(ascii: "-") else {
      position = range.lowerBound
      throw problem(
        "'\(text(of: range.prefix(24)))' is no whole number from 0 on, or an absurd one")
    }
    return value
  }

  /// Reads `true` or `false`.
  public mutating func bool() throws(Problem) -> Bool {
    if takeWord("true".utf8) { return true }
    if takeWord("false".utf8) { return false }
    throw unexpected("true or false")
  }

  /// Reads `null` if it comes next.
  public mutating func null() -> Bool { takeWord("null".utf8) }

  /// Reads any value.
  public mutating func value() throws(Problem) -> JSONValue {
    skipSpace()
    guard position < end else { throw unexpected("a value") }
    switch bytes[position] {
    case UInt8(ascii: "{"):
      var members: [String: JSONValue] = [:]
      try object { (scanner, key) throws(Problem) in members[key] = try scanner.value() }
      return .object(members)
    case UInt8(ascii: "["):
      var elements: [JSONValue] = []
      try array { scanner throws(Problem) in elements.append(try scanner.value()) }
      return .array(elements)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool(try bool())
    case UInt8(ascii: "n") where null(): return .null
    default:
      let text = text(of: try numeral())
      if let value = Int(text) { return .integer(value) }
      return .number(try number(text))
    }
  }

  /// Reads any value and forgets it; numbers may be of any size.
  public mutating func skip() throws(Problem) {
    skipSpace()
    guard position < end else { throw unexpected("a value") }
    switch bytes[position] {
    case UInt8(ascii: "{"): try object { (scanner, _) throws(Problem) in try scanner.skip() }
    case UInt8(ascii: "["): try array { scanner throws(Problem) in try scanner.skip() }
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try bool()
    case UInt8(ascii: "n") where null(): break
    default: _ = try numeral()
    }
  }

  /// Checks that nothing follows.
  public mutating func finish() throws(Problem) {
    skipSpace()
    if position < end { throw problem("something follows the end") }
  }

  // MARK: - Parts

  private mutating func open(_ byte: UInt8, _ kind: String) throws(Problem) {
    skipSpace()
    guard take(byte) else { throw unexpected(kind) }
    depth += 1
    guard depth <= 512 else { throw problem("is nested too deeply") }
  }

  private mutating func close(_ byte: UInt8) -> Bool {
    skipSpace()
    guard take(byte) else { return false }
    depth -= 1
    return true
  }

  private mutating func skipSpace() {
    while position < end {
      switch bytes[position] {
      case 0x0A: line += 1
      case 0x20, 0x0D, 0x09: break
      default: return
      }
      position += 1
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard position < end, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func takeWord(_ word: String.UTF8View) -> Bool {
    skipSpace()
    guard end - position >= word.count else { return false }
    for (offset, byte) in word.enumerated() where bytes[position + offset] != byte { return false }
    position += word.count
    return true
  }

  private func unexpected(_ wanted: String) -> Problem {
    guard position < end else { return problem("breaks off where \(wanted) should be") }
    let rest = bytes[position..<min(end, position + 12)].prefix { $0 >= 0x20 }
    return problem("\(wanted) is needed, not '\(String(decoding: rest, as: UTF8.self))'")
  }

  /// The place of a number, checked against the grammar.
  private mutating func numeral() throws(Problem) -> Range<Int> {
    skipSpace()
    let first = position
    func digits(_ scanner: inout JSONScanner) -> Int {
      let start = scanner.position
      while scanner.position < scanner.end, (48...57).contains(scanner.bytes[scanner.position]) {
        scanner.position += 1
      }
      return scanner.position - start
    }
    _ = take(UInt8(ascii: "-"))
    let leading = position
    var isLegal = digits(&self) > 0
    if bytes[leading..<position].first == 48, position - leading > 1 { isLegal = false }
    if take(UInt8(ascii: ".")), digits(&self) == 0 { isLegal = false }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      if digits(&self) == 0 { isLegal = false }
    }
    guard isLegal else {
      position = first
      throw unexpected("a number")
    }
    return first..<position
  }

  private func text(of range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }

  private func text(_ slice: ArraySlice<UInt8>) throws(Problem) -> String {
    guard let text = String(validating: slice, as: UTF8.self) else {
      throw problem("a text is not UTF-8")
    }
    return text
  }

  /// Reads the rest of a string that has escapes; `first` is its first byte.
  private mutating func escapedString(from first: Int) throws(Problem) -> String {
    var result = try text(bytes[first..<position])
    var plain = position
    while position < end {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        result += try text(bytes[plain..<position])
        position += 1
        return result
      case UInt8(ascii: "\\"):
        result += try text(bytes[plain..<position])
        position += 1
        result.unicodeScalars.append(try escape())
        plain = position
      case 0..<0x20: throw problem("a control character inside a text")
      default: position += 1
      }
    }
    throw problem("breaks off inside a text")
  }

  private mutating func escape() throws(Problem) -> Unicode.Scalar {
    guard position < end else { throw problem("breaks off inside a text") }
    position += 1
    switch bytes[position - 1] {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let unit = try hexadecimal()
      if let scalar = Unicode.Scalar(unit) { return scalar }
      // The first half of a pair, or a half without its other.
      guard unit < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
        throw problem("half a character in an escape")
      }
      let low = try hexadecimal()
      guard (0xDC00..<0xE000).contains(low),
        let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
      else { throw problem("half a character in an escape") }
      return scalar
    default: throw problem("an unknown escape in a text")
    }
  }

  private mutating func hexadecimal() throws(Problem) -> UInt32 {
    // `UInt32` would take a sign as well.
    guard position + 4 <= end, bytes[position] != UInt8(ascii: "+"),
      bytes[position] != UInt8(ascii: "-"),
      let value = UInt32(String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
    else { throw problem("an escape without four hexadecimal digits") }
    position += 4
    return value
  }
}
