import Foundation

/// A folder of results in the making: inside the one that it is for, which gets the files at the
/// end, or, if something fails, is as it was.
final class StagingFolder {
  /// Where to write.
  let path: String
  private let folder: String
  /// Folders that were not there before, the outermost first.
  private let made: [String]
  /// Holds the lock of results that are there.
  private let lock: POSIXFile?

  /// Makes the folder and its parents as needed.
  ///
  /// - Throws: `alreadyHasTrials` without `fresh`; `notOurs`, `inUse`, `notAFolder` and the like.
  init(for folder: String, fresh: Bool) throws(ResultError) {
    self.folder = folder
    let isThere = POSIXFile.isFolder(folder)
    lock = isThere ? try Self.checked(folder, fresh: fresh) : nil
    let made = try POSIXFile.makeFolder(folder)
    path = POSIXFile.partialName(of: ResultFolder.path("merge", in: folder))
    do throws(ResultError) {
      try POSIXFile.makeFolder(path)
    } catch {
      for folder in made.reversed() { POSIXFile.removeFolder(folder) }
      throw error
    }
    self.made = made
  }

  /// Puts the files in place, the manifest last, and ends.
  func commit() throws(ResultError) {
    let manifest = ResultFolder.manifestName
    if lock != nil { try POSIXFile.remove(ResultFolder.path(manifest, in: folder)) }
    for name in ResultFolder.fileNames.filter({ $0 != manifest }) + [manifest] {
      try POSIXFile.rename(
        ResultFolder.path(name, in: path), to: ResultFolder.path(name, in: folder))
    }
    POSIXFile.removeFolder(path)
  }

  /// Removes what was made.
  func discard() {
    for name in ResultFolder.fileNames { try? POSIXFile.remove(ResultFolder.path(name, in: path)) }
    POSIXFile.removeFolder(path)
    for folder in made.reversed() { POSIXFile.removeFolder(folder) }
  }

  /// Refuses results that are there and are to stay; returns their lock.
  private static func checked(_ folder: String, fresh: Bool) throws(ResultError) -> POSIXFile? {
    for name in ResultFolder.fileNames {
      let path = ResultFolder.path(name, in: folder)
      if POSIXFile.isFolder(path) {
        throw .writeFailed(path: path, reason: "it is a folder, and a file is needed")
      }
    }
    let path = ResultFolder.path(ResultFolder.trialsName, in: folder)
    if !fresh {
      guard try FolderState(folder).trials.log == ResultFolder.TrialLog(records: []) else {
        throw .alreadyHasTrials(path: folder)
      }
    }
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let file = try POSIXFile.own(path)
    guard file.lock() else { throw .inUse(path: folder) }
    return file
  }
}
