extension SafeTensorsFile {
  /// Reads all arrays of a file, in the order of their bytes.
  ///
  /// Elements are F32, or F64, which is rounded and refused as by ``NPYFile/readFloats(_:)``; what the
  /// key `__metadata__` says is passed over.
  ///
  /// Refused, with the reason: other element types, more than 8 dimensions, a header of more than
  /// 1 MiB or one that is longer than the file, names that occur twice or hold control characters,
  /// ranges of bytes that overlap, leave a gap, lie outside of the file or do not fit the shape, and
  /// all that is malformed. No memory is asked for that the file does not have bytes for.
  ///
  /// The path `-` is standard input, where that is a regular file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - limit: The most values that all arrays together may have.
  /// - Returns: The arrays with their names.
  /// - Throws: ``DatasetError``.
  /// - Complexity: one pass over the file.
  public static func read(_ path: String, limit: Int = .max) throws(DatasetError) -> [(
    name: String, array: NPZArray
  )] {
    let file = try InputFile(path: path, refusesOtherKinds: false)
    let header = try SafeTensorsHeader(of: file)
    var arrays: [(name: String, array: NPZArray)] = []
    var left = limit
    for tensor in header.tensors {
      guard tensor.header.count <= left else {
        throw .malformed(path: file.path, reason: "has more than the \(limit) values that are read")
      }
      left -= tensor.header.count
      let part = FilePart(
        of: file, byteCount: tensor.header.byteCount,
        path: "\(file.path), array '\(tensor.name)'")
      let values = try NPYElements.read(tensor.header, from: part)
      arrays.append((tensor.name, NPZArray(shape: tensor.header.shape, values: values)))
    }
    return arrays
  }
}

/// The next bytes of a file that is read in order.
final class FilePart: ByteSource {
  let path: String
  private(set) var remainingCount: Int?
  private let file: InputFile

  /// `path` names the part in messages.
  init(of file: InputFile, byteCount: Int, path: String) {
    self.file = file
    self.path = path
    remainingCount = byteCount
  }

  func read<Element: BitwiseCopyable>(into span: inout MutableSpan<Element>) throws(DatasetError)
    -> Int
  {
    let stride = MemoryLayout<Element>.stride
    let left = remainingCount ?? 0
    // Whole elements: a part ends where one does.
    var front = span._mutatingExtracting(first: min(span.count, left / stride))
    let found = try file.read(into: &front)
    remainingCount = left - found
    return found
  }
}
