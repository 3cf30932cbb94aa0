/// A file of a folder in the making, which takes its place as a whole at the end.
public enum StagedFile {
  /// Writes a file anew, and does not wait for the disk: of thousands of files each would take its
  /// time, and a folder that a power cut left behind is made again.
  public static func write(_ text: String, to path: String) throws(ResultError) {
    let file = try POSIXFile(appendingTo: path, truncate: true)
    try file.append(Array(text.utf8), waiting: false)
  }
}
