public import Kernels
public import Tensors

extension NPYFile {
  /// Reads a matrix (`rows × columns`) or a vector (one row) of float32 or float64.
  ///
  /// Float64 is rounded to single precision, value by value, to nearest. A finite value outside
  /// single precision is refused with its row and column, counted from 0 (the first one in the order
  /// of the file); so is a row that is not zero but would round to zero altogether. NaN and infinite
  /// values are passed on.
  ///
  /// The path `-` is standard input. Format versions 1.0 to 3.0 and both byte orders are read. In C
  /// order the elements go straight into the matrix, float64 in small pieces; Fortran order needs a
  /// second copy in single precision while it is turned.
  ///
  /// Refused, with the reason: other element types (pickled objects above all), other numbers of
  /// dimensions, no rows or columns, headers over 64 KiB or malformed, short files and extra bytes.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - objection: Asked for a reason to refuse so many rows and columns, before memory is taken
  ///     for them; not where the file has fewer or more bytes than they need.
  /// - Returns: The matrix.
  /// - Throws: ``DatasetError``.
  /// - Complexity: one pass over the file.
  public static func readFloats(
    _ path: String, objection: (_ rowCount: Int, _ columnCount: Int) -> String? = { _, _ in nil }
  ) throws(DatasetError) -> Matrix<Float> {
    let file = try InputFile(path: path)
    let header = try matrixHeader(file)
    if file.remainingCount ?? header.byteCount == header.byteCount,
      let reason = objection(header.rowCount, header.columnCount)
    {
      throw .malformed(path: file.path, reason: reason)
    }
    return try readFloats(header, from: file)
  }

  /// Reads an array of float32 or float64 with any number of dimensions that an ``NPZArray`` has, and
  /// none of whose extents has to be above 0; else as ``readFloats(_:objection:)`` does.
  static func readArray(_ path: String, limit: Int) throws(DatasetError) -> NPZArray {
    let file = try InputFile(path: path)
    let header = try NPYHeader(from: file)
    guard header.shape.count <= NPZArray.dimensionLimit, header.count <= limit else {
      throw .malformed(
        path: file.path,
        reason:
          "has the shape \(header.shapeText); at most \(NPZArray.dimensionLimit) dimensions and "
          + "\(limit) values are read")
    }
    return NPZArray(shape: header.shape, values: try NPYElements.read(header, from: file))
  }

  /// Maps a matrix into memory without a copy, where its file allows that.
  ///
  /// It does where it is a regular file of little-endian float32 in C order, as `numpy.save` writes
  /// an array of float32. Pages are read when they are first touched; a matrix that is changed takes
  /// a copy of all values and leaves the file as it is. Every other file is read as by
  /// ``readFloats(_:)``, with the same refusals.
  ///
  /// The file stays mapped as long as the matrix or a copy of it. Replacing it by renaming is safe,
  /// but writing into it changes the values, and shortening it ends the process (`SIGBUS`) when a
  /// value that is gone is touched: do not map a file that another program may be writing.
  ///
  /// - Complexity: O(1) for a file that is mapped.
  public static func map(_ path: String) throws(DatasetError) -> Matrix<Float> {
    let file = try InputFile(path: path)
    let header = try matrixHeader(file)
    guard header.element.byteCount == 4, !header.element.isBigEndian, header.isRowMajor,
      file.remainingCount == header.byteCount, let mapped = MappedFile(file),
      let memory = mapped.floats(in: file.position..<file.position + header.byteCount)
    else { return try readFloats(header, from: file) }
    return Matrix(
      rowCount: header.rowCount, columnCount: header.columnCount, borrowing: memory)
  }

  private static func matrixHeader(_ file: InputFile) throws(DatasetError) -> NPYHeader {
    let header = try NPYHeader(from: file)
    try header.requireMatrix(path: file.path)
    return header
  }

  private static func readFloats(_ header: NPYHeader, from file: InputFile) throws(DatasetError)
    -> Matrix<Float>
  {
    Matrix(
      rowCount: header.rowCount, columnCount: header.columnCount,
      values: try NPYElements.read(header, from: file))
  }
}
