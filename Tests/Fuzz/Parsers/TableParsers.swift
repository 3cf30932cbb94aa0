import Components
import JSON

@testable import Datasets

/// Readers of examples in tables and texts.
enum TableParsers {
  private static let scratch = ScratchFolder()

  /// A table, whose fields read the same where all of them are quoted.
  static func csv(_ bytes: [UInt8]) throws {
    let path = scratch.write(bytes, to: "table.csv")
    if let records = try? records(path) {
      let again = try self.records(scratch.write(quoted(records), to: "quoted.csv"))
      require(again == records, "fields that read otherwise in quotes")
    }
    for given in choices.dropLast() {
      try? OpenedSource.check(CSVSource.entry, given.merging(["file": .text(path)]) { $1 })
    }
    try OpenedSource.check(
      CSVSource.entry, choices[choices.count - 1].merging(["file": .text(path)]) { $1 })
  }

  private static let choices: [[String: ArgumentValue]] = [
    ["label": .text("first"), "client": .text("2"), "header": .text("true")],
    ["separator": .text("semicolon"), "omit": .list([.integer(1)])],
    ["test-share": .real(0.5)],
  ]

  private static func records(_ path: String) throws -> [[[UInt8]]] {
    let reader = try CSVReader(path: path, separator: UInt8(ascii: ","))
    var records: [[[UInt8]]] = []
    while try reader.next() {
      records.append(reader.ranges.map { Array(reader.bytes[$0]) })
      for range in reader.ranges { check(reader.bytes, range) }
    }
    return records
  }

  /// The number in a field is the one that Swift reads there.
  private static func check(_ bytes: [UInt8], _ range: Range<Int>) {
    guard let value = DecimalNumeral.value(bytes, in: range) else { return }
    let text = String(decoding: bytes[range], as: UTF8.self)
    require(value == Double(text).map { Float($0) }, "'\(text)' is read as \(value)")
  }

  private static func quoted(_ records: [[[UInt8]]]) -> [UInt8] {
    var text: [UInt8] = []
    for record in records {
      for (place, field) in record.enumerated() {
        if place > 0 { text.append(UInt8(ascii: ",")) }
        text.append(UInt8(ascii: "\""))
        for byte in field {
          if byte == UInt8(ascii: "\"") { text.append(byte) }
          text.append(byte)
        }
        text.append(UInt8(ascii: "\""))
      }
      text.append(0x0a)
    }
    return text
  }

  /// A file of LEAF; as JSON, it is refused where the reader in memory refuses it.
  static func leaf(_ bytes: [UInt8]) throws {
    let path = training.write(bytes, to: "part.json")
    if !bytes.starts(with: [0x1f, 0x8b]) { try compare(bytes, path) }
    test.write(bytes, to: "part.json")
    try? OpenedSource.check(
      LEAFSource.entry,
      ["folder": .text(home.path), "users": .integer(1), "test-users": .integer(1)])
    try OpenedSource.check(LEAFSource.entry, ["folder": .text(home.path)])
  }

  private static let home = ScratchFolder("leaf")
  private static let training = ScratchFolder("leaf", "train")
  private static let test = ScratchFolder("leaf", "test")

  /// The stream takes keys twice, and no more than 64 levels.
  private static func compare(_ bytes: [UInt8], _ path: String) throws {
    var scanner = JSONScanner(bytes)
    var problem: String?
    do {
      try scanner.skip()
      try scanner.finish()
    } catch { problem = error.reason }
    var refusal: String?
    do {
      let stream = try JSONStream(path: path)
      try stream.skip()
      try stream.finish()
    } catch { refusal = "\(error)" }
    guard (problem == nil) != (refusal == nil) else { return }
    if let problem, problem.contains("given twice") { return }
    if let refusal, refusal.contains("nested too deeply") { return }
    require(false, "in memory: \(problem ?? "read"); as a stream: \(refusal ?? "read")")
  }
}
