/// Reads JSON (RFC 8259) from a file of any size, value by value, holding a piece of it at a time.
///
/// For files of gigabytes, where ``JSON`` reads from memory. It is as strict: no comments, no trailing
/// commas, no `NaN`, at most 64 levels.
final class JSONStream {
  /// The longest text or numeral that is read.
  static let textLimit = 1 << 20

  let path: String
  private let file: DecodedFile
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  private var place = 0
  private var end = 0
  /// Bytes before the buffer.
  private var passed = 0
  private var depth = 0

  init(path: String) throws(DatasetError) {
    file = try DecodedFile(path: path)
    self.path = file.path
  }

  /// A problem where the stream is.
  func failure(_ reason: String) -> DatasetError {
    .malformed(path: path, reason: "byte \(passed + place): \(reason)")
  }

  // MARK: - Values

  /// Reads an object; `member` is called for each key and has to read or skip its value.
  ///
  /// It is up to `member` to notice a key that is given twice.
  func object(_ member: (String) throws(DatasetError) -> Void) throws(DatasetError) {
    try open(UInt8(ascii: "{"), "an object")
    if try close(UInt8(ascii: "}")) { return }
    repeat {
      let key = try string()
      guard try take(UInt8(ascii: ":")) else { throw try unexpected("':'") }
      try member(key)
    } while try take(UInt8(ascii: ","))
    guard try close(UInt8(ascii: "}")) else { throw try unexpected("',' or '}'") }
  }

  /// Reads an array; `element` is called before each element and has to read or skip it.
  func array(_ element: () throws(DatasetError) -> Void) throws(DatasetError) {
    try open(UInt8(ascii: "["), "an array")
    if try close(UInt8(ascii: "]")) { return }
    repeat { try element() } while try take(UInt8(ascii: ","))
    guard try close(UInt8(ascii: "]")) else { throw try unexpected("',' or ']'") }
  }

  /// Whether a text comes next.
  func isAtString() throws(DatasetError) -> Bool { try peek() == UInt8(ascii: "\"") }

  func string() throws(DatasetError) -> String {
    guard try take(UInt8(ascii: "\"")) else { throw try unexpected("a text") }
    var bytes: [UInt8] = []
    while true {
      switch try next() {
      case UInt8(ascii: "\"")?:
        guard let text = String(validating: bytes, as: UTF8.self) else {
          throw failure("a text is not UTF-8")
        }
        return text
      case UInt8(ascii: "\\")?: bytes += String(try escape()).utf8
      case let byte?:
        guard byte >= 0x20 else { throw failure("a control character inside a text") }
        bytes.append(byte)
      case nil: throw failure("breaks off inside a text")
      }
      guard bytes.count <= Self.textLimit else {
        throw failure("a text of more than \(Self.textLimit) bytes")
      }
    }
  }

  /// Reads a number that is finite in single precision.
  func number() throws(DatasetError) -> Float {
    let (bytes, range) = try readNumeral()
    guard let value = DecimalNumeral.value(bytes, in: range) else {
      throw failure("'\(String(decoding: bytes[range].prefix(40), as: UTF8.self))' is too large")
    }
    return value
  }

  /// Reads a whole number in a range.
  func wholeNumber(in range: Range<Int>) throws(DatasetError) -> Int {
    let (bytes, digits) = try readNumeral()
    let text = String(decoding: bytes[digits], as: UTF8.self)
    guard let value = Int(text) ?? Double(text).flatMap({ Int(exactly: $0) }), range.contains(value)
    else { throw failure("'\(text.prefix(40))' is no whole number in \(range)") }
    return value
  }

  /// Reads any value and forgets it.
  func skip() throws(DatasetError) {
    switch try peek() {
    case UInt8(ascii: "{")?: try object { (_) throws(DatasetError) in try skip() }
    case UInt8(ascii: "[")?: try array { () throws(DatasetError) in try skip() }
    case UInt8(ascii: "\"")?: _ = try string()
    case UInt8(ascii: "t")?: try word("true")
    case UInt8(ascii: "f")?: try word("false")
    case UInt8(ascii: "n")?: try word("null")
    default: _ = try readNumeral()
    }
  }

  /// Checks that nothing follows.
  func finish() throws(DatasetError) {
    guard try peek() == nil else { throw failure("something follows the end") }
  }

  // MARK: - Parts

  private func open(_ byte: UInt8, _ kind: String) throws(DatasetError) {
    guard try take(byte) else { throw try unexpected(kind) }
    depth += 1
    guard depth <= 64 else { throw failure("is nested too deeply") }
  }

  private func close(_ byte: UInt8) throws(DatasetError) -> Bool {
    guard try take(byte) else { return false }
    depth -= 1
    return true
  }

  private func word(_ word: String) throws(DatasetError) {
    for byte in word.utf8 where try next() != byte { throw failure("a value is needed") }
  }

  private func unexpected(_ wanted: String) throws(DatasetError) -> DatasetError {
    guard try peek() != nil else { return failure("breaks off where \(wanted) should be") }
    let rest = buffer[place..<min(end, place + 12)].prefix { $0 >= 0x20 }
    return failure("\(wanted) is needed, not '\(String(decoding: rest, as: UTF8.self))'")
  }

  private func fill() throws(DatasetError) {
    passed += end
    place = 0
    end = try file.read(buffer.count, into: &buffer)
  }

  /// The next byte, consumed; `nil` at the end.
  private func next() throws(DatasetError) -> UInt8? {
    if place == end {
      try fill()
      if end == 0 { return nil }
    }
    place += 1
    return buffer[place - 1]
  }

  /// The next byte after white space; `nil` at the end.
  private func peek() throws(DatasetError) -> UInt8? {
    while true {
      if place == end {
        try fill()
        if end == 0 { return nil }
      }
      switch buffer[place] {
      case 0x20, 0x0a, 0x0d, 0x09: place += 1
      default: return buffer[place]
      }
    }
  }

  private func take(_ byte: UInt8) throws(DatasetError) -> Bool {
    guard try peek() == byte else { return false }
    place += 1
    return true
  }

  /// Reads a numeral and checks it against the grammar; it is in a range of bytes.
  private func readNumeral() throws(DatasetError) -> (bytes: [UInt8], range: Range<Int>) {
    guard let first = try peek(), first == UInt8(ascii: "-") || (48...57).contains(first) else {
      throw try unexpected("a number")
    }
    // Nearly all lie in one piece, and are read where they are.
    let bytes = buffer
    var index = place
    while index < end, Self.isPart(bytes[index]) { index += 1 }
    guard index == end else {
      let range = place..<index
      place = index
      try check(bytes, range)
      return (bytes, range)
    }
    var numeral: [UInt8] = []
    while true {
      if place == end {
        try fill()
        if end == 0 { break }
      }
      guard Self.isPart(buffer[place]) else { break }
      numeral.append(buffer[place])
      place += 1
      guard numeral.count <= Self.textLimit else { throw failure("a number without end") }
    }
    try check(numeral, 0..<numeral.count)
    return (numeral, 0..<numeral.count)
  }

  private static func isPart(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "e"),
      UInt8(ascii: "E"):
      true
    default: false
    }
  }

  private func check(_ numeral: [UInt8], _ range: Range<Int>) throws(DatasetError) {
    guard !Self.isLegal(numeral, range) else { return }
    throw failure("'\(String(decoding: numeral[range].prefix(40), as: UTF8.self))' is no number")
  }

  private static func isLegal(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
    var place = range.lowerBound
    let end = range.upperBound
    func digits() -> Int {
      let start = place
      while place < end, (48...57).contains(bytes[place]) { place += 1 }
      return place - start
    }
    func take(_ one: UInt8, _ other: UInt8) -> Bool {
      guard place < end, bytes[place] == one || bytes[place] == other else { return false }
      place += 1
      return true
    }
    _ = take(UInt8(ascii: "-"), UInt8(ascii: "-"))
    let leadsWithZero = place < end && bytes[place] == 48
    let whole = digits()
    guard whole == 1 || whole > 1 && !leadsWithZero else { return false }
    if take(UInt8(ascii: "."), UInt8(ascii: ".")), digits() == 0 { return false }
    if take(UInt8(ascii: "e"), UInt8(ascii: "E")) {
      _ = take(UInt8(ascii: "+"), UInt8(ascii: "-"))
      if digits() == 0 { return false }
    }
    return place == end
  }

  private func escape() throws(DatasetError) -> Character {
    switch try next() {
    case UInt8(ascii: "\"")?: return "\""
    case UInt8(ascii: "\\")?: return "\\"
    case UInt8(ascii: "/")?: return "/"
    case UInt8(ascii: "b")?: return "\u{8}"
    case UInt8(ascii: "f")?: return "\u{c}"
    case UInt8(ascii: "n")?: return "\n"
    case UInt8(ascii: "r")?: return "\r"
    case UInt8(ascii: "t")?: return "\t"
    case UInt8(ascii: "u")?:
      let unit = try hexadecimal()
      if let scalar = Unicode.Scalar(unit) { return Character(scalar) }
      guard unit < 0xdc00, try next() == UInt8(ascii: "\\"), try next() == UInt8(ascii: "u") else {
        throw failure("half a character in an escape")
      }
      let low = try hexadecimal()
      guard (0xdc00..<0xe000).contains(low),
        let scalar = Unicode.Scalar(0x10000 + (unit - 0xd800) << 10 + (low - 0xdc00))
      else { throw failure("half a character in an escape") }
      return Character(scalar)
    default: throw failure("an unknown escape in a text")
    }
  }

  private func hexadecimal() throws(DatasetError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      let byte = try next() ?? 0
      let digit: UInt8
      switch byte {
      case 48...57: digit = byte - 48
      case 65...70: digit = byte - 55
      case 97...102: digit = byte - 87
      default: throw failure("an escape without four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
    }
    return value
  }
}
