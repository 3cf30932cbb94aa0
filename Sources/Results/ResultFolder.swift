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
    return try readLines(path(trialsName, in: folder))
  }

  /// Reads `run.json`, the name of its format first.
  public static func readManifest(_ folder: String) throws(ResultError) -> RunManifestV1 {
    let path = path(manifestName, in: folder)
    let data = try contents(path)
    let header: ManifestHeader = try decode(data, path: path, line: 1)
    guard header.schema == RunManifestV1.currentSchema else {
      throw .unsupportedSchema(path: path, found: header.schema)
    }
    return try decode(data, path: path, line: 1)
  }

  static func path(_ name: String, in folder: String) -> String {
    folder.isEmpty ? name : folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  private struct ManifestHeader: Decodable { var schema: String }
  private struct LineHeader: Decodable { var type: String }

  static func readLines(_ path: String) throws(ResultError) -> TrialLog {
    let data = try contents(path)
    var log = TrialLog(records: [])
    let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, bytes) in lines.enumerated() where !bytes.isEmpty {
      let line = Data(bytes)
      do throws(ResultError) {
        let header: LineHeader = try decode(line, path: path, line: index + 1)
        guard header.type == "trial" else { continue }
        log.records.append(try decode(line, path: path, line: index + 1))
      } catch {
        // Only what follows the last line feed can be torn.
        guard index == lines.count - 1 else { throw error }
        log.tornLine = index + 1
      }
    }
    return log
  }

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
    _ data: Data, path: String, line: Int
  ) throws(ResultError) -> Value {
    do {
      return try JSONDecoder().decode(Value.self, from: data)
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
