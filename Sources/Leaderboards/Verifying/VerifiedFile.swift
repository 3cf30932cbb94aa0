public import Diagnostics
import Documents
import Foundation
import Results

/// `verified.yaml` in the folder that holds the entries: what the keeper of a board found when samples
/// of trials were run again.
///
/// It is the keeper's and no entry's, so that nobody speaks for himself.
public struct VerifiedFile: Hashable, Sendable {
  public static let schema = "gauntlet/verified/1"
  public static let fileName = "verified.yaml"

  /// By entry, and of each the oldest first.
  public private(set) var records: [VerifiedRecord] = []

  public init(_ records: [VerifiedRecord] = []) {
    self.records = records
    sort()
  }

  /// Reads the file of a folder of entries; one that is not there has no records.
  ///
  /// - Throws: ``DocumentError`` with every problem.
  public init(board: String) throws(DocumentError) {
    let path = UserPath.joined(board, Self.fileName)
    let bytes: [UInt8]
    do throws(UserFile.Problem) {
      bytes = try UserFile.contents(of: path, upTo: 1 << 26)
    } catch .missing {
      self.init()
      return
    } catch {
      throw DocumentError(file: path, problems: [.init("\(error)")])
    }
    guard let text = String(bytes: bytes, encoding: .utf8) else {
      throw DocumentError(file: path, problems: [.init("is not UTF-8 text")])
    }
    try self.init(text: text, path: path)
  }

  /// Those of one entry.
  public func records(of entry: String) -> [VerifiedRecord] { records.filter { $0.entry == entry } }

  /// Adds a record, in place of those that say nothing any more: of the same draw, and of other trials
  /// of the entry; a difference that was found in the very trials stays.
  public mutating func add(_ record: VerifiedRecord) {
    records.removeAll { old in
      guard old.entry == record.entry else { return false }
      if old.contentSHA256 == record.contentSHA256 { return old.seed == record.seed }
      let isDispute = old.agreed < old.sampled && old.trialsSHA256 == record.trialsSHA256
      return !isDispute || old.seed == record.seed
    }
    records.append(record)
    sort()
  }

  private mutating func sort() {
    records = records.enumerated().sorted {
      ($0.element.entry, $0.element.date, $0.offset)
        < ($1.element.entry, $1.element.date, $1.offset)
    }.map(\.element)
  }

  /// The text of the file.
  public var yaml: String {
    var lines = [
      "# What came of running samples of trials again; written by 'gauntlet verify --record' for the",
      "# keeper of the board, who takes in no such file from anybody.",
      "schema: \(Self.schema)", records.isEmpty ? "records: []" : "records:",
    ]
    for item in records {
      lines.append(
        "  - {entry: \(YAMLText.quoted(item.entry)), sha256: \(YAMLText.quoted(item.contentSHA256)), "
          + "trials-sha256: \(YAMLText.quoted(item.trialsSHA256)), "
          + "date: \(YAMLText.quoted(item.date)), tool: \(YAMLText.quoted(item.tool)), "
          + "engine: \(item.engine), sampled: \(item.sampled), of: \(item.total), "
          + "agreed: \(item.agreed), seed: \(item.seed)}")
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
