import Kernels
import Tensors

extension NPYFile {
  /// Reads a matrix (`rows × columns`) or a vector (one row) of float32 or float64.
  ///
  /// The path `-` is standard input. Format versions 1.0 to 3.0 and both byte orders are read. In C
  /// order the elements are read straight into the matrix, without a second copy; Fortran order
  /// needs one while it is turned. NaN and infinite values are passed on.
  ///
  /// Refused, with the reason: other element types (pickled objects above all), other numbers of
  /// dimensions, no rows or columns, headers over 64 KiB or malformed, short files and extra bytes.
  ///
  /// - Complexity: one pass over the file.
  public static func read(_ path: String) throws(DatasetError) -> NPYMatrix {
    let file = try InputFile(path: path)
    let header = try NPYHeader(from: file)
    // Before memory is asked for.
    if let found = file.remainingCount, found != header.byteCount {
      throw sizeError(file, header, found: found)
    }
    if header.element.byteCount == 4 {
      let swap = { (value: Float) in Float(bitPattern: value.bitPattern.byteSwapped) }
      return .float32(try matrix(file, header, swap: swap))
    } else {
      let swap = { (value: Double) in Double(bitPattern: value.bitPattern.byteSwapped) }
      return .float64(try matrix(file, header, swap: swap))
    }
  }

  private static func matrix<Element: Scalar & BitwiseCopyable>(
    _ file: InputFile, _ header: NPYHeader, swap: (Element) -> Element
  ) throws(DatasetError) -> Matrix<Element> {
    let values = try values(file, header, swap: swap)
    let (rows, columns) = (header.rowCount, header.columnCount)
    guard header.isFortranOrder, rows > 1, columns > 1 else {
      return Matrix(rowCount: rows, columnCount: columns, values: values)
    }
    return Matrix(
      rowCount: rows, columnCount: columns,
      values: turned(values, rowCount: rows, columnCount: columns))
  }

  /// Reads the elements in the order of the file.
  private static func values<Element: Scalar & BitwiseCopyable>(
    _ file: InputFile, _ header: NPYHeader, swap: (Element) -> Element
  ) throws(DatasetError) -> [Element] {
    let count = header.rowCount * header.columnCount
    var values: [Element] = []
    // A pipe may promise more than it delivers; beyond this the array grows as it is filled.
    values.reserveCapacity(file.remainingCount == nil ? min(count, 1 << 26) : count)
    while values.count < count {
      let start = values.count
      // Zeros in pieces that stay in the cache until they are overwritten.
      let size = min(1 << 16, count - start)
      values.append(contentsOf: repeatElement(0, count: size))
      var all = values.mutableSpan
      var piece = all._mutatingExtracting(start..<start + size)
      let found = try file.read(into: &piece)
      guard found == size * header.element.byteCount else {
        throw sizeError(file, header, found: start * header.element.byteCount + found)
      }
      if header.element.isBigEndian {
        for index in piece.indices { piece[index] = swap(piece[index]) }
      }
    }
    let extra = try file.read(1 << 16).count
    guard extra == 0 else { throw sizeError(file, header, found: header.byteCount + extra) }
    return values
  }

  /// Returns the row-major order of column-major values.
  private static func turned<Element: Scalar>(
    _ values: [Element], rowCount: Int, columnCount: Int
  ) -> [Element] {
    var result = [Element](repeating: 0, count: values.count)
    // Blocks of columns, so that what one row reads is still in the cache for the next.
    for block in stride(from: 0, to: columnCount, by: 64) {
      for row in 0..<rowCount {
        for column in block..<min(block + 64, columnCount) {
          result[row * columnCount + column] = values[column * rowCount + row]
        }
      }
    }
    return result
  }

  private static func sizeError(_ file: InputFile, _ header: NPYHeader, found: Int) -> DatasetError
  {
    .malformed(
      path: file.path,
      reason: """
        \(found < header.byteCount ? "short file" : "extra bytes"): \(header.rowCount) x \
        \(header.columnCount) elements of \(header.element.byteCount) bytes expect \
        \(header.byteCount) bytes, found \(found)
        """)
  }
}
