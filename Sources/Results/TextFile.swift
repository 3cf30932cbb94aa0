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

  /// Does something while no other process that asks for the same folder does, such as to write a file
  /// by what is in it; waits for its turn.
  ///
  /// Where the file system has no locks, nobody waits.
  ///
  /// - Throws: What `body` throws; ``ResultError`` for a folder that cannot be opened, or that another
  ///   process keeps for half a minute.
  public static func whileAlone<Value>(
    in folder: String, _ body: () throws -> Value
  ) throws -> Value {
    try POSIXFile.whileAlone(in: folder, body)
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
