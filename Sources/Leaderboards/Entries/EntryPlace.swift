import Diagnostics
import Foundation

/// Where an entry lies: its name in a folder of entries.
public struct EntryPlace: Hashable, Sendable {
  /// The folder that holds the entries.
  public var board: String
  /// The last part of the entry's path, or of the folder that `.` is.
  public var name: String

  public init(_ folder: String) {
    let name = UserPath.name(of: folder)
    if ["", ".", ".."].contains(name) {
      board = UserPath.joined(folder, "..")
      self.name =
        URL(fileURLWithPath: folder).resolvingSymlinksInPath().standardizedFileURL.lastPathComponent
    } else {
      board = UserPath.folder(of: folder)
      self.name = name
    }
  }
}
