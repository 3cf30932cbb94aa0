/// How the arrays of a round are stored.
public enum DumpFormat: String, CaseIterable, Sendable {
  /// A file per array, as `numpy.save` writes them.
  case npy
  /// One archive, as `numpy.savez` writes it.
  case npz
  /// One file of the library of that name.
  case safetensors

  /// The format of a file by the end of its name.
  init?(fileName: String) {
    guard let dot = fileName.utf8.lastIndex(of: UInt8(ascii: ".")),
      let format = DumpFormat(rawValue: String(fileName[fileName.utf8.index(after: dot)...]))
    else { return nil }
    self = format
  }
}
