import Foundation

/// Folders of matrices whose process is gone.
enum StaleFolders {
  /// How the names of such folders begin; six letters or digits follow.
  static let prefix = "gauntlet-matrices-"

  /// A folder is made a moment before it is locked.
  private static let idleSeconds = 60.0

  /// Removes those that belong to this user and that no living process holds.
  ///
  /// What it is not sure of stays: links, other names, folders that others can enter, young ones, and
  /// all where the system has no locks.
  static func remove(in place: String) {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
    for name in names where name.hasPrefix(prefix) {
      let rest = name.dropFirst(prefix.count)
      let path = place + "/" + name
      guard rest.utf8.count == 6, rest.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }),
        let lock = FolderLock(path), lock.isPrivate(andIdle: idleSeconds)
      else { continue }
      try? FileManager.default.removeItem(atPath: path)
    }
  }
}
