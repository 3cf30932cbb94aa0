/// Writing a whole text file.
public enum TextFile {
  /// Writes a file so that readers see either the old one or the whole new one; its folder has to
  /// be there.
  public static func replace(_ path: String, with text: String) throws(ResultError) {
    try POSIXFile.replace(path, with: text)
  }

  /// Appends to a file, or makes it: all of the text or nothing.
  public static func append(_ text: String, to path: String) throws(ResultError) {
    try POSIXFile(appendingTo: path).append(Array(text.utf8))
  }

  /// Makes a folder and its parents; one that is there already is fine.
  public static func makeFolder(_ path: String) throws(ResultError) {
    try POSIXFile.makeFolder(path)
  }
}

extension TextFile {
  /// Removes a file; one that is not there is fine.
  public static func remove(_ path: String) throws(ResultError) { try POSIXFile.remove(path) }
}
