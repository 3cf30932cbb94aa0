import Diagnostics
import Foundation

extension VerifiedFile {
  /// S025: what was recorded of entries that are not in their folder any more, one finding for each.
  ///
  /// An entry with another name is another one: what was found in it would go with it, and a new entry
  /// by the old name would meet records that are not about it.
  public func vanished(from board: String) -> [EntryFinding] {
    let path = UserPath.joined(board, Self.fileName)
    let names = Set(records.map(\.entry)).sorted()
    return names.compactMap { name in
      let entry = UserPath.joined(UserPath.joined(board, name), Entry.fileName)
      guard !FileManager.default.fileExists(atPath: entry) else { return nil }
      let dates = records(of: name).map(\.date)
      return EntryFinding(
        .vanished, file: path,
        "what was recorded of '\(excerpt(name))'"
          + (dates.last.map { " on \(excerpt($0))" } ?? "") + " is of no entry that is there")
    }
  }
}
