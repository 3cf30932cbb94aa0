/// A recursive-descent parser of Python literals over bytes.
struct PythonLiteralParser {
  private static let depthLimit = 16

  private let text: [UInt8]
  private var position = 0

  init(text: [UInt8]) {
    self.text = text
  }

  mutating func literal(depth: Int) throws(PythonLiteral.SyntaxError) -> PythonLiteral {
    guard depth < Self.depthLimit else { throw failure("too deeply nested") }
    skipSpace()
    guard let byte = current else { throw failure("ends early") }
    switch byte {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "{"): return .dictionary(try dictionary(depth: depth))
    case UInt8(ascii: "("): return try tuple(depth: depth)
    case UInt8(ascii: "["):
      return .sequence(try items(until: UInt8(ascii: "]"), depth: depth).literals)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .integer(try integer())
    default: return try name()
    }
  }

  /// Makes sure that nothing but white space is left.
  mutating func end() throws(PythonLiteral.SyntaxError) {
    skipSpace()
    if current != nil { throw failure("unexpected text") }
  }

  private var current: UInt8? { position < text.count ? text[position] : nil }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || (9...13).contains(byte) { position += 1 }
  }

  /// Consumes `byte` after white space and says whether it was there.
  private mutating func consume(_ byte: UInt8) -> Bool {
    skipSpace()
    guard current == byte else { return false }
    position += 1
    return true
  }

  private func failure(_ what: String) -> PythonLiteral.SyntaxError {
    PythonLiteral.SyntaxError(reason: "\(what) at byte \(position)")
  }

  private mutating func string() throws(PythonLiteral.SyntaxError) -> String {
    let quote = text[position]
    position += 1
    var bytes: [UInt8] = []
    while let byte = current, byte != quote {
      // Dtypes need no escapes; a backslash only keeps the byte after it from ending the string.
      if byte == UInt8(ascii: "\\") { position += 1 }
      guard let kept = current else { break }
      bytes.append(kept)
      position += 1
    }
    guard current == quote else { throw failure("unfinished string") }
    position += 1
    return String(decoding: bytes, as: UTF8.self)
  }

  private mutating func integer() throws(PythonLiteral.SyntaxError) -> Int {
    let isNegative = consume(UInt8(ascii: "-"))
    var value = 0
    var digits = 0
    while let byte = current, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (next, carry) = tens.addingReportingOverflow(Int(byte - UInt8(ascii: "0")))
      if overflow || carry { throw failure("number too large") }
      value = next
      digits += 1
      position += 1
    }
    guard digits > 0 else { throw failure("expected a number") }
    // Python 2 wrote long integers with this suffix.
    if current == UInt8(ascii: "L") { position += 1 }
    return isNegative ? -value : value
  }

  private mutating func name() throws(PythonLiteral.SyntaxError) -> PythonLiteral {
    let start = position
    while let byte = current,
      (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
        || byte == UInt8(ascii: "_")
    { position += 1 }
    switch String(decoding: text[start..<position], as: UTF8.self) {
    case "True": return .boolean(true)
    case "False": return .boolean(false)
    case "None": return .none
    default:
      position = start
      throw failure("unexpected text")
    }
  }

  /// Parentheses around one literal without a comma are only parentheses.
  private mutating func tuple(depth: Int) throws(PythonLiteral.SyntaxError) -> PythonLiteral {
    let (literals, hasComma) = try items(until: UInt8(ascii: ")"), depth: depth)
    return literals.count == 1 && !hasComma ? literals[0] : .sequence(literals)
  }

  private mutating func items(until close: UInt8, depth: Int) throws(PythonLiteral.SyntaxError)
    -> (literals: [PythonLiteral], hasComma: Bool)
  {
    position += 1
    var literals: [PythonLiteral] = []
    var hasComma = false
    while !consume(close) {
      guard literals.isEmpty || hasComma else { throw failure("expected a comma") }
      literals.append(try literal(depth: depth + 1))
      hasComma = consume(UInt8(ascii: ","))
    }
    return (literals, hasComma)
  }

  private mutating func dictionary(depth: Int) throws(PythonLiteral.SyntaxError)
    -> [PythonLiteral.Entry]
  {
    position += 1
    var entries: [PythonLiteral.Entry] = []
    var hasComma = true
    while !consume(UInt8(ascii: "}")) {
      guard hasComma else { throw failure("expected a comma") }
      let key = try literal(depth: depth + 1)
      guard consume(UInt8(ascii: ":")) else { throw failure("expected a colon") }
      entries.append(PythonLiteral.Entry(key: key, value: try literal(depth: depth + 1)))
      hasComma = consume(UInt8(ascii: ","))
    }
    return entries
  }
}
