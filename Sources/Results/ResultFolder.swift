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
    let header: ManifestHeader = try decode(data, JSONDecoder(), path: path, line: 1)
    guard header.schema == RunManifestV1.currentSchema else {
      throw .unsupportedSchema(path: path, found: header.schema)
    }
    return try decode(data, JSONDecoder(), path: path, line: 1)
  }

  static func path(_ name: String, in folder: String) -> String {
    folder.isEmpty ? name : folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  private struct ManifestHeader: Decodable { var schema: String }
  private struct LineHeader: Decodable { var type: String }

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

  static func readLog(_ path: String) throws(ResultError) -> LogFile {
    let data = try contents(path)
    let decoder = JSONDecoder()
    var file = LogFile(length: data.count)
    let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where !line.isEmpty {
      let isLast = index == lines.count - 1
      do throws(ResultError) {
        // Our own lines end with their type: there is no need to decode them twice.
        if !line.hasSuffix(trialSuffix) {
          let header: LineHeader = try decode(line, decoder, path: path, line: index + 1)
          guard header.type == "trial" else { continue }
        }
        file.log.records.append(try decode(line, decoder, path: path, line: index + 1))
        file.lacksLineFeed = isLast
      } catch {
        // Only what follows the last line feed can be torn.
        guard isLast else { throw error }
        file.log.tornLine = index + 1
        file.length -= line.count
        file.torn = line
      }
    }
    return file
  }

  private static let trialSuffix = Array(#","type":"trial"}"#.utf8)

  private static func contents(_ path: String) throws(ResultError) -> Data {
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path))
    } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
      throw .unreadable(path: path, reason: "no such file")
    } catch let error as CocoaError where error.code == .fileReadNoPermission {
      throw .unreadable(path: path, reason: "permission denied")
    } catch {
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
  }

  private static func decode<Value: Decodable>(
    _ data: Data, _ decoder: JSONDecoder, path: String, line: Int
  ) throws(ResultError) -> Value {
    do {
      return try decoder.decode(Value.self, from: data)
    } catch let error as DecodingError {
      throw .malformed(path: path, line: line, reason: reason(of: error))
    } catch {
      throw .malformed(path: path, line: line, reason: error.localizedDescription)
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

extension Data {
  fileprivate func hasSuffix(_ bytes: [UInt8]) -> Bool { suffix(bytes.count).elementsEqual(bytes) }
}
