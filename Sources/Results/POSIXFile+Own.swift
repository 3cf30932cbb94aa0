import Diagnostics
import Foundation

/// Files of results, which belong to one folder alone.
extension POSIXFile {
  /// Opens a file of results to append to, or makes it.
  ///
  /// Nothing is written through a link into what may be another's: a file that has a second name
  /// (a hard link) is copied first. A symbolic link is followed, because whoever set it wants the
  /// file there.
  ///
  /// - Throws: `unreadable` for what is no regular file.
  static func own(_ path: String) throws(ResultError) -> POSIXFile {
    switch try link(path) {
    case .shared: try separate(path)
    case .none, .symbolic, .single: break
    }
    return try POSIXFile(appendingTo: path)
  }

  /// Opens a file of results whose contents are to go: empties it, or, where the name is a link of
  /// either kind, puts a new file in place of the link and leaves what it leads to alone.
  ///
  /// - Returns: the file, locked; `nil` if another process has it.
  static func emptied(_ path: String) throws(ResultError) -> POSIXFile? {
    let link = try link(path)
    let file = try POSIXFile(appendingTo: path)
    guard file.lock() else { return nil }
    switch link {
    case .none, .single:
      try file.cut(to: 0)
      return file
    case .symbolic, .shared:
      try remove(path)
      let new = try POSIXFile(appendingTo: path)
      return new.lock() ? new : nil
    }
  }

  private enum Link {
    /// Nothing is there.
    case none
    /// A file with one name.
    case single
    /// A file with several names.
    case shared
    case symbolic
  }

  private static func link(_ path: String) throws(ResultError) -> Link {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return .none }
    let isSymbolic = status.st_mode & S_IFMT == S_IFLNK
    if isSymbolic {
      // One that leads nowhere yet is fine.
      guard unsafe stat(path, &status) == 0 else { return .symbolic }
    }
    // Opening it for reading says what is wrong with it.
    if status.st_mode & S_IFMT != S_IFREG { _ = try UserFile.opened(path) }
    return isSymbolic ? .symbolic : status.st_nlink > 1 ? .shared : .single
  }

  /// Puts a copy in place of a file that has other names.
  private static func separate(_ path: String) throws(ResultError) {
    let partial = partialName(of: path)
    do throws(ResultError) {
      let (source, copy) = (try UserFile.opened(path), try POSIXFile(appendingTo: partial))
      while true {
        let piece = try source.piece(of: path)
        if piece.isEmpty { break }
        try copy.append(piece, waiting: false)
      }
      try copy.append([])
      try rename(partial, to: path)
    } catch {
      try? remove(partial)
      throw error
    }
  }
}
