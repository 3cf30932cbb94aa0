import Diagnostics
import Foundation

/// Paths as a process with another root or folder needs them.
enum AbsolutePath {
  /// The absolute path of one that starts in a folder, without `.` and `..`.
  static func of(_ path: String, in folder: String = ".") -> String {
    let joined = UserPath.joined(folder, path)
    let absolute =
      UserPath.isAbsolute(joined)
      ? joined : UserPath.joined(FileManager.default.currentDirectoryPath, joined)
    return URL(fileURLWithPath: absolute).standardized.path
  }

  static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  /// Whether a folder is there itself, not a link to one.
  static func isFolder(_ path: String) -> Bool {
    let type = try? FileManager.default.attributesOfItem(atPath: path)[.type]
    return type as? FileAttributeType == .typeDirectory
  }

  /// Whether a regular file is there, or what leads to one.
  static func isFile(_ path: String) -> Bool {
    let type = try? FileManager.default.attributesOfItem(
      atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)[.type]
    return type as? FileAttributeType == .typeRegular
  }
}
