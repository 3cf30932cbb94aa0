/// Parts of paths as users write them, by the rules of POSIX `dirname` and `basename`.
///
/// Text alone decides; no file is looked at, and nothing is resolved or made absolute. Any text is a
/// path: an empty one, one of slashes alone, one of a single character.
public enum UserPath {
  /// Returns the folder that a path lies in: `a` of `a/b` and of `a//b/`, `.` where there is no
  /// slash before the name, `/` of what lies in the root and of the root itself.
  public static func folder(of path: String) -> String {
    let bytes = trimmed(path[...].utf8)
    guard let last = bytes.lastIndex(of: slash) else { return isAbsolute(path) ? "/" : "." }
    let folder = trimmed(bytes[..<last])
    return folder.isEmpty ? "/" : String(decoding: folder, as: UTF8.self)
  }

  /// Returns the last part of a path without slashes: `b` of `a/b/`, empty for no path and the root.
  public static func name(of path: String) -> String {
    let bytes = trimmed(path[...].utf8)
    let start = bytes.lastIndex(of: slash).map { bytes.index(after: $0) } ?? bytes.startIndex
    return String(decoding: bytes[start...], as: UTF8.self)
  }

  /// Returns a path below a folder, with one slash between them; an absolute path and one in no
  /// folder stay as they are.
  public static func joined(_ folder: String, _ path: String) -> String {
    if folder.isEmpty || isAbsolute(path) { return path }
    return (folder.utf8.last == slash ? folder : folder + "/") + path
  }

  /// Whether a path starts at the root.
  ///
  /// A slash with an accent behind it is one too, which `hasPrefix` takes for another character.
  public static func isAbsolute(_ path: String) -> Bool { path.utf8.first == slash }

  private static let slash = UInt8(ascii: "/")

  /// Without the slashes at the end.
  private static func trimmed(_ path: Substring.UTF8View) -> Substring.UTF8View {
    var path = path
    while path.last == slash { path.removeLast() }
    return path
  }
}
