/// Takes the fields of a record apart, and never reads past its end.
struct LittleEndianReader {
  private let bytes: [UInt8]
  private var position = 0
  private let path: String
  private let name: String

  /// - Parameters:
  ///   - bytes: The record.
  ///   - path: The file, for messages.
  ///   - name: What the record is, for messages.
  init(_ bytes: [UInt8], path: String, name: String) {
    self.bytes = bytes
    self.path = path
    self.name = name
  }

  var remainingCount: Int { bytes.count - position }

  /// Returns the next bytes.
  mutating func bytes(_ count: Int) throws(DatasetError) -> [UInt8] {
    guard count <= remainingCount else { throw failure("ends early") }
    defer { position += count }
    return Array(bytes[position..<position + count])
  }

  /// Returns the next number of 2, 4 or 8 bytes.
  mutating func number(_ byteCount: Int) throws(DatasetError) -> Int {
    let value = try bytes(byteCount).reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    guard let number = Int(exactly: value) else { throw failure("holds an absurd size") }
    return number
  }

  /// Skips the next bytes.
  mutating func skip(_ count: Int) throws(DatasetError) {
    guard count <= remainingCount else { throw failure("ends early") }
    position += count
  }

  /// Consumes the four bytes that begin a record: "PK" and two more.
  mutating func expect(_ signature: [UInt8]) throws(DatasetError) {
    guard try bytes(4) == [0x50, 0x4b] + signature else {
      throw failure("is not where it should be")
    }
  }

  func failure(_ what: String) -> DatasetError {
    .malformed(path: path, reason: "damaged archive: \(name) \(what)")
  }
}
