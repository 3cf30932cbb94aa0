import Diagnostics
import Foundation

/// The files of a results folder, and reading them.
public enum ResultFolder {
  public static let manifestName = "run.json"
  public static let trialsName = "trials.jsonl"
  public static let tableName = "trials.csv"
  public static let roundsName = "rounds.csv"

  /// Everything that Gauntlet writes there; `--fresh` removes these and nothing else.
  public static let fileNames = [manifestName, trialsName, tableName, roundsName]

  /// The trials of a folder in the order in which they were written.
  public struct TrialLog: Hashable, Sendable {
    public var records: [TrialRecordV1]
    /// The number, from 1, of a last line that breaks off; its trial is not in `records`.
    public var tornLine: Int?

    public init(records: [TrialRecordV1], tornLine: Int? = nil) {
      self.records = records
      self.tornLine = tornLine
    }
  }

  /// Reads `trials.jsonl`.
  ///
  /// A last line without a line feed that does not decode is what a power cut leaves: it is
  /// reported, not an error. Empty lines and lines of another `type` are passed over.
  ///
  /// - Parameters:
  ///   - folder: The folder of results.
  ///   - ranges: The values that metrics can have.
  /// - Returns: The trials, in the order of their lines.
  /// - Throws: `unsupportedSchema` if `run.json` names another format; `malformed` with the line's
  ///   number for anything else that is wrong, such as a value outside its range; `unreadable`.
  public static func readTrials(
    _ folder: String, ranges: MetricRanges = .unknown
  ) throws(ResultError) -> TrialLog {
    if FileManager.default.fileExists(atPath: path(manifestName, in: folder)) {
      _ = try readManifest(folder)
    }
    return try readLog(path(trialsName, in: folder), ranges).log
  }

  /// Reads `run.json`, the name of its format first.
  public static func readManifest(_ folder: String) throws(ResultError) -> RunManifestV1 {
    let path = path(manifestName, in: folder)
    let bytes = try UserFile.contents(ofResult: path)
    if let manifest = RunManifestV1(quickly: bytes) { return manifest }
    // Whatever is wrong is told here.
    let data = Data(bytes)
    let header: ManifestHeader = try decode(data, JSONDecoder(), path: path)
    guard header.schema == RunManifestV1.currentSchema else {
      throw .unsupportedSchema(path: path, found: header.schema)
    }
    return try decode(data, JSONDecoder(), path: path)
  }

  static func path(_ name: String, in folder: String) -> String {
    UserPath.joined(folder, name)
  }

  private struct ManifestHeader: Decodable { var schema: String }

  /// `trials.jsonl` with what it takes to go on writing it.
  struct LogFile {
    var log = TrialLog(records: [])
    /// The bytes up to the line that breaks off.
    var length = 0
    /// Whether the last line is whole but for its line feed.
    var lacksLineFeed = false
    /// The line that breaks off; empty if there is none.
    var torn = Data()
  }

  /// Reads a megabyte at a time, so that the file is never in memory as a whole.
  ///
  /// - Throws: `malformed` for a line of more than 16 MiB, too, which no trial has.
  static func readLog(
    _ path: String, _ ranges: MetricRanges = .unknown
  ) throws(ResultError) -> LogFile {
    var records: [TrialRecordV1] = []
    var found = try readLog(path, ranges) { records.append($0) }
    found.log.records = records
    return found
  }

  /// Passes on one trial after the other; none is kept.
  static func readLog(
    _ path: String, _ ranges: MetricRanges = .unknown, _ body: (TrialRecordV1) -> Void
  ) throws(ResultError) -> LogFile {
    let file = try UserFile.opened(path)
    let words = WordTable()
    var found = LogFile()
    var buffer: [UInt8] = []
    var line = 0
    while true {
      let searched = buffer.count
      let piece = try file.piece(of: path)
      buffer += piece
      var start = 0
      var from = searched
      while let end = buffer[from...].firstIndex(of: UInt8(ascii: "\n")) {
        line += 1
        do throws(JSONScanner.Problem) {
          try read(buffer, start..<end, line, words, ranges, body)
        } catch {
          throw .malformed(path: path, line: error.line, reason: error.reason)
        }
        start = end + 1
        from = start
      }
      buffer.removeSubrange(0..<start)
      found.length += start
      guard buffer.count <= UserFile.lineLimit else {
        throw .malformed(path: path, line: line + 1, reason: UserFile.lineReason)
      }
      guard piece.isEmpty else { continue }
      // Only what follows the last line feed can be torn.
      do throws(JSONScanner.Problem) {
        try read(buffer, buffer.indices, line + 1, words, ranges, body)
        found.length += buffer.count
        found.lacksLineFeed = !buffer.isEmpty
      } catch {
        found.log.tornLine = line + 1
        found.torn = Data(buffer)
      }
      return found
    }
  }

  private static func read(
    _ bytes: [UInt8], _ range: Range<Int>, _ line: Int, _ words: WordTable,
    _ ranges: MetricRanges, _ body: (TrialRecordV1) -> Void
  ) throws(JSONScanner.Problem) {
    if range.isEmpty { return }
    var scanner = JSONScanner(bytes, in: range, firstLine: line, words: words)
    let record = try TrialRecordV1(scanning: &scanner)
    try scanner.finish()
    guard let record else { return }
    guard record.seed >= 0, record.engine >= 0 else {
      throw .init(
        line: line,
        reason: record.seed < 0
          ? "seed is \(record.seed), and seeds are not negative" : "engine is \(record.engine)")
    }
    if let problem = ranges.problem(of: record) { throw .init(line: line, reason: problem) }
    body(record)
  }

  private static func decode<Value: Decodable>(
    _ data: Data, _ decoder: JSONDecoder, path: String
  ) throws(ResultError) -> Value {
    do {
      return try decoder.decode(Value.self, from: data)
    } catch let error as DecodingError {
      throw .malformed(path: path, line: 1, reason: reason(of: error))
    } catch {
      throw .malformed(path: path, line: 1, reason: error.localizedDescription)
    }
  }

  /// What a value has to be, in words of JSON.
  private static func name(of type: any Any.Type) -> String {
    switch type {
    case is String.Type: "a text"
    case is Bool.Type: "true or false"
    case is any BinaryInteger.Type: "a whole number"
    case is any BinaryFloatingPoint.Type: "a number"
    case is [Any].Type: "a list"
    default: "an object"
    }
  }

  private static func reason(of error: DecodingError) -> String {
    func place(_ path: [any CodingKey]) -> String {
      path.isEmpty ? "" : path.map(\.stringValue).joined(separator: ".") + ": "
    }
    return switch error {
    case .keyNotFound(let key, let context):
      place(context.codingPath) + "'\(key.stringValue)' is missing"
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      place(context.codingPath) + "\(name(of: type)) is needed"
    case .dataCorrupted(let context): place(context.codingPath) + context.debugDescription
    @unknown default: "does not decode"
    }
  }
}
