/// What a header says of one array, as it is written there.
struct SafeTensorsEntry: Equatable {
  var name: String
  var type = ""
  var shape: [Int] = []
  /// The range of its bytes, from the end of the header on.
  var start = 0
  var end = 0
}

/// Reads the JSON of a header, which has one form: an object of objects of known keys.
///
/// Nothing is nested deeper, so nothing recurses. Strict: every key once, whole numbers from 0 on, no
/// byte behind the object but spaces.
struct SafeTensorsScanner {
  /// Why a header is refused.
  struct Problem: Error, Equatable {
    let reason: String
  }

  private let bytes: [UInt8]
  private var position = 0

  private init(_ bytes: [UInt8]) { self.bytes = bytes }

  static func entries(of bytes: [UInt8]) throws(Problem) -> [SafeTensorsEntry] {
    var scanner = SafeTensorsScanner(bytes)
    var entries: [SafeTensorsEntry] = []
    try scanner.object { (scanner, name) throws(Problem) in
      if name == "__metadata__" {
        try scanner.object { (scanner, _) throws(Problem) in _ = try scanner.text() }
        return
      }
      guard NPZFile.isShowable(name) else {
        throw Problem(reason: "a name has control characters")
      }
      entries.append(try scanner.entry(name))
    }
    scanner.skipSpace()
    guard scanner.position == bytes.count else {
      throw Problem(reason: "something follows the object")
    }
    return entries
  }

  private mutating func entry(_ name: String) throws(Problem) -> SafeTensorsEntry {
    var entry = SafeTensorsEntry(name: name)
    var missing: Set = ["dtype", "shape", "data_offsets"]
    try object { (scanner, key) throws(Problem) in
      missing.remove(key)
      switch key {
      case "dtype":
        entry.type = try scanner.text()
        guard NPZFile.isShowable(entry.type) else {
          throw Problem(reason: "the type of array '\(name)' has control characters")
        }
      case "shape": entry.shape = try scanner.numbers()
      case "data_offsets":
        let offsets = try scanner.numbers()
        guard offsets.count == 2 else {
          throw Problem(reason: "data_offsets of array '\(name)' are not two numbers")
        }
        (entry.start, entry.end) = (offsets[0], offsets[1])
      default:
        throw Problem(reason: "array '\(name)' has a key other than dtype, shape and data_offsets")
      }
    }
    guard missing.isEmpty else {
      throw Problem(reason: "array '\(name)' has no \(missing.sorted().joined(separator: ", "))")
    }
    return entry
  }

  // MARK: - JSON

  /// Reads an object; `member` is called with each key and has to read its value.
  private mutating func object(
    _ member: (inout SafeTensorsScanner, String) throws(Problem) -> Void
  ) throws(Problem) {
    try expect("{")
    if take("}") { return }
    var keys: Set<String> = []
    repeat {
      let key = try text()
      guard keys.insert(key).inserted else {
        throw Problem(
          reason: NPZFile.isShowable(key) ? "'\(key)' is given twice" : "a key is given twice")
      }
      try expect(":")
      try member(&self, key)
    } while take(",")
    try expect("}")
  }

  private mutating func numbers() throws(Problem) -> [Int] {
    var numbers: [Int] = []
    try expect("[")
    if take("]") { return numbers }
    repeat {
      skipSpace()
      let start = position
      var value: Int? = 0
      while position < bytes.count, let digit = Self.digit(bytes[position]), digit < 10 {
        value = value.flatMap { Self.appending(digit, to: $0) }
        position += 1
      }
      guard position > start, let value else {
        throw Problem(reason: "byte \(start) is no whole number, or an absurd one")
      }
      guard numbers.count < 64 else { throw Problem(reason: "a list has more than 64 numbers") }
      numbers.append(value)
    } while take(",")
    try expect("]")
    return numbers
  }

  private static func appending(_ digit: Int, to value: Int) -> Int? {
    let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
    let (sum, other) = tens.addingReportingOverflow(digit)
    return overflow || other ? nil : sum
  }

  private mutating func text() throws(Problem) -> String {
    try expect("\"")
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          throw Problem(reason: "a text is not UTF-8")
        }
        return string
      case UInt8(ascii: "\\"): text += try escaped()
      case 0..<0x20: throw Problem(reason: "a control character inside a text")
      default: text.append(byte)
      }
    }
    throw Problem(reason: "it breaks off inside a text")
  }

  /// The bytes that stand behind a backslash.
  private mutating func escaped() throws(Problem) -> [UInt8] {
    guard position < bytes.count else { throw Problem(reason: "it breaks off inside a text") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
    case UInt8(ascii: "b"): return [8]
    case UInt8(ascii: "f"): return [12]
    case UInt8(ascii: "n"): return [10]
    case UInt8(ascii: "r"): return [13]
    case UInt8(ascii: "t"): return [9]
    case UInt8(ascii: "u"):
      var units = [try codeUnit()]
      if UTF16.isLeadSurrogate(units[0]) {
        try expect("\\", skippingSpace: false)
        try expect("u", skippingSpace: false)
        units.append(try codeUnit())
      }
      if let text = String(validating: units, as: UTF16.self) { return Array(text.utf8) }
    default: break
    }
    throw Problem(reason: "a text has an escape that JSON does not know")
  }

  private mutating func codeUnit() throws(Problem) -> UInt16 {
    let digits = bytes[position...].prefix(4).compactMap(Self.digit)
    guard digits.count == 4 else {
      throw Problem(reason: "a text has an escape that JSON does not know")
    }
    position += 4
    return digits.reduce(0) { $0 << 4 | UInt16($1) }
  }

  private static func digit(_ byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte) - 48
    case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte) - 87
    case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte) - 55
    default: nil
    }
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0a, 0x0d].contains(bytes[position]) {
      position += 1
    }
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(
    _ character: Unicode.Scalar, skippingSpace: Bool = true
  ) throws(Problem) {
    if skippingSpace { skipSpace() }
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else {
      throw Problem(reason: "byte \(position) is not the '\(character)' that belongs there")
    }
    position += 1
  }
}
