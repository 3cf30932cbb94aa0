/// Reads records of separated fields, one at a time.
///
/// As in RFC 4180: a field in quotes may hold separators, line ends and doubled quotes. Besides, lines
/// may end in a line feed alone, spaces around fields without quotes are left out, and so are blank
/// lines and a byte order mark.
final class CSVReader {
  /// The largest record that is read, and the most fields it may have.
  static let recordLimit = 1 << 24
  static let fieldLimit = 1 << 20

  let path: String
  /// The line that the present record begins in, counted from 1.
  private(set) var line = 1
  /// How many fields it has.
  var fieldCount: Int { ranges.count }
  /// Where the fields are in ``bytes``.
  private(set) var ranges: [Range<Int>] = []
  private(set) var bytes: [UInt8] = []

  private let file: DecodedFile
  private let separator: UInt8
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)
  private var place = 0
  private var end = 0
  private var nextLine = 1

  init(path: String, separator: UInt8) throws(DatasetError) {
    file = try DecodedFile(path: path)
    self.path = file.path
    self.separator = separator
    // A byte order mark.
    try fill()
    if end >= 3, buffer[0..<3].elementsEqual([0xef, 0xbb, 0xbf]) { place = 3 }
  }

  /// A text of the present record.
  ///
  /// - Throws: Where it is not UTF-8: texts that differ in such bytes alone would be the same.
  func text(_ field: Int) throws(DatasetError) -> String {
    guard let text = String(validating: bytes[ranges[field]], as: UTF8.self) else {
      throw failure("a text is not UTF-8")
    }
    return text
  }

  func failure(_ reason: String) -> DatasetError {
    .malformed(path: path, reason: "line \(line): \(reason)")
  }

  /// Reads the next record that is not blank; `false` at the end.
  func next() throws(DatasetError) -> Bool {
    repeat {
      guard try readRecord() else { return false }
    } while ranges.count == 1 && ranges[0].isEmpty
    return true
  }

  private func fill() throws(DatasetError) {
    place = 0
    end = try file.read(buffer.count, into: &buffer)
  }

  private func peek() throws(DatasetError) -> UInt8? {
    if place == end { try fill() }
    return end == 0 ? nil : buffer[place]
  }

  private func readRecord() throws(DatasetError) -> Bool {
    bytes.removeAll(keepingCapacity: true)
    ranges.removeAll(keepingCapacity: true)
    line = nextLine
    guard try peek() != nil else { return false }
    while true {
      guard ranges.count < Self.fieldLimit else {
        throw failure("has more than \(Self.fieldLimit) fields")
      }
      guard try readField() else { return true }
    }
  }

  /// Reads a field; `false` where it is the last of its record.
  private func readField() throws(DatasetError) -> Bool {
    var start = bytes.count
    var wasQuoted = false
    /// Whether all bytes so far are spaces.
    var isBlank = true
    while true {
      let byte = try peek()
      if byte != nil { place += 1 }
      switch byte {
      case separator?:
        close(start, wasQuoted)
        return true
      case 0x0a?, nil:
        if byte != nil { nextLine += 1 }
        if !wasQuoted, bytes.count > start, bytes.last == 0x0d { bytes.removeLast() }
        close(start, wasQuoted)
        return false
      case 0x22? where isBlank && !wasQuoted:
        start = bytes.count
        try readQuoted()
        wasQuoted = true
      case let byte?:
        guard !wasQuoted else {
          if byte == 0x20 || byte == 0x0d { continue }
          throw failure("something follows the closing quote of field \(ranges.count + 1)")
        }
        isBlank = isBlank && byte == 0x20
        bytes.append(byte)
        try checkSize()
      }
    }
  }

  private func readQuoted() throws(DatasetError) {
    while true {
      guard let byte = try peek() else { throw failure("a quote is never closed") }
      place += 1
      if byte == 0x22 {
        guard try peek() == 0x22 else { return }
        place += 1
      }
      if byte == 0x0a { nextLine += 1 }
      bytes.append(byte)
      try checkSize()
    }
  }

  private func checkSize() throws(DatasetError) {
    guard bytes.count <= Self.recordLimit else {
      throw failure("has more than \(Self.recordLimit) bytes (is a quote missing?)")
    }
  }

  private func close(_ start: Int, _ wasQuoted: Bool) {
    var range = start..<bytes.count
    if !wasQuoted {
      while let last = range.last, bytes[last] == 0x20 || bytes[last] == 0x09 {
        range = range.dropLast()
      }
      while let first = range.first, bytes[first] == 0x20 || bytes[first] == 0x09 {
        range = range.dropFirst()
      }
    }
    ranges.append(range)
  }
}
