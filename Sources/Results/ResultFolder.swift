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
  /// - Throws: `unsupportedSchema` if `run.json` names another format; `malformed` with the line's
  ///   number for anything else that is wrong; `unreadable`.
  public static func readTrials(_ folder: String) throws(ResultError) -> TrialLog {
    if FileManager.default.fileExists(atPath: path(manifestName, in: folder)) {
      _ = try readManifest(folder)
    }
    return try readLog(path(trialsName, in: folder)).log
  }

  /// Reads `run.json`, the name of its format first.
  public static func readManifest(_ folder: String) throws(ResultError) -> RunManifestV1 {
    let path = path(manifestName, in: folder)
    let data = try contents(path)
    let header: ManifestHeader = try decode(data, JSONDecoder(), path: path)
    guard header.schema == RunManifestV1.currentSchema else {
      throw .unsupportedSchema(path: path, found: header.schema)
    }
    return try decode(data, JSONDecoder(), path: path)
  }

  static func path(_ name: String, in folder: String) -> String {
    folder.isEmpty ? name : folder.hasSuffix("/") ? folder + name : folder + "/" + name
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
  static func readLog(_ path: String) throws(ResultError) -> LogFile {
    let handle = try opened(path)
    let words = WordTable()
    var file = LogFile()
    var buffer: [UInt8] = []
    var line = 0
    while true {
      let searched = buffer.count
      let isLast = try !append(handle, to: &buffer, path: path)
      var start = 0
      var from = searched
      while let end = buffer[from...].firstIndex(of: UInt8(ascii: "\n")) {
        line += 1
        do throws(JSONScanner.Problem) {
          try read(buffer, start..<end, line, words, into: &file.log)
        } catch {
          throw .malformed(path: path, line: error.line, reason: error.reason)
        }
        start = end + 1
        from = start
      }
      buffer.removeSubrange(0..<start)
      file.length += start
      guard isLast else { continue }
      // Only what follows the last line feed can be torn.
      do throws(JSONScanner.Problem) {
        try read(buffer, buffer.indices, line + 1, words, into: &file.log)
        file.length += buffer.count
        file.lacksLineFeed = !buffer.isEmpty
      } catch {
        file.log.tornLine = line + 1
        file.torn = Data(buffer)
      }
      return file
    }
  }

  private static func read(
    _ bytes: [UInt8], _ range: Range<Int>, _ line: Int, _ words: WordTable,
    into log: inout TrialLog
  ) throws(JSONScanner.Problem) {
    if range.isEmpty { return }
    var scanner = JSONScanner(bytes, in: range, firstLine: line, words: words)
    let record = try TrialRecordV1(scanning: &scanner)
    try scanner.finish()
    if let record { log.records.append(record) }
  }

  private static func opened(_ path: String) throws(ResultError) -> FileHandle {
    do {
      return try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    } catch {
      throw unreadable(path, error)
    }
  }

  /// Appends the next megabyte; `false` at the end of the file.
  private static func append(
    _ file: FileHandle, to bytes: inout [UInt8], path: String
  ) throws(ResultError) -> Bool {
    do {
      guard let data = try file.read(upToCount: 1 << 20), !data.isEmpty else { return false }
      bytes.append(contentsOf: data)
      return true
    } catch {
      throw unreadable(path, error)
    }
  }

  private static func contents(_ path: String) throws(ResultError) -> Data {
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw unreadable(path, error)
    }
  }

  private static func unreadable(_ path: String, _ error: any Error) -> ResultError {
    let reason =
      switch (error as? CocoaError)?.code {
      case .fileReadNoSuchFile: "no such file"
      case .fileReadNoPermission: "permission denied"
      default: error.localizedDescription
      }
    return .unreadable(path: path, reason: reason)
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

  private static func reason(of error: DecodingError) -> String {
    func place(_ path: [any CodingKey]) -> String {
      path.isEmpty ? "" : path.map(\.stringValue).joined(separator: ".") + ": "
    }
    return switch error {
    case .keyNotFound(let key, let context):
      place(context.codingPath) + "'\(key.stringValue)' is missing"
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .dataCorrupted(let context):
      place(context.codingPath) + context.debugDescription
    @unknown default: "does not decode"
    }
  }
}
