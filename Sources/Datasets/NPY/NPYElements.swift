/// Reads the elements that follow a header, in single precision and in the order of rows.
enum NPYElements {
  /// Float64 is rounded as ``SinglePrecision`` says.
  ///
  /// Elements in the order of rows are read without a second copy of their full size; Fortran order
  /// needs one while it is turned.
  static func read(_ header: NPYHeader, from source: some ByteSource) throws(DatasetError)
    -> [Float]
  {
    // Before memory is asked for.
    if let found = source.remainingCount, found != header.byteCount {
      throw sizeError(source, header, found: found)
    }
    var values: [Float] = []
    // A pipe may promise more than it delivers; beyond this the array grows as it is filled.
    values.reserveCapacity(
      source.remainingCount == nil ? min(header.count, 1 << 26) : header.count)
    let rounding = try append(header, from: source, to: &values)
    let extra = try source.read(1 << 16).count
    guard extra == 0 else { throw sizeError(source, header, found: header.byteCount + extra) }
    if !header.isRowMajor { values = rowMajor(values, shape: header.shape) }
    try rounding?.checkRows(values)
    return values
  }

  /// Appends all elements in the order of the file, and returns what rounded them, if anything did.
  private static func append(
    _ header: NPYHeader, from source: some ByteSource, to values: inout [Float]
  ) throws(DatasetError) -> SinglePrecision? {
    guard header.element.kind == .float else {
      try appendIntegers(header, from: source, to: &values)
      return nil
    }
    guard header.element.byteCount == 8 else {
      try appendFloats(header, from: source, to: &values)
      return nil
    }
    var rounding = SinglePrecision(header, path: source.path)
    var piece = [Double](repeating: 0, count: min(1 << 15, header.count))
    while values.count < header.count {
      let size = min(piece.count, header.count - values.count)
      let found = try source.read(size, into: &piece)
      guard found == size * 8 else {
        throw sizeError(source, header, found: values.count * 8 + found)
      }
      if header.element.isBigEndian {
        for index in 0..<size {
          piece[index] = Double(bitPattern: piece[index].bitPattern.byteSwapped)
        }
      }
      try rounding.append(piece.span.extracting(first: size), to: &values)
    }
    return rounding
  }

  private static func appendFloats(
    _ header: NPYHeader, from source: some ByteSource, to values: inout [Float]
  ) throws(DatasetError) {
    while values.count < header.count {
      let start = values.count
      // Zeros in pieces that stay in the cache until they are overwritten.
      let size = min(1 << 16, header.count - start)
      values.append(contentsOf: repeatElement(0, count: size))
      var all = values.mutableSpan
      var piece = all._mutatingExtracting(start..<start + size)
      let found = try source.read(into: &piece)
      guard found == size * 4 else { throw sizeError(source, header, found: start * 4 + found) }
      if header.element.isBigEndian {
        for index in piece.indices {
          piece[index] = Float(bitPattern: piece[index].bitPattern.byteSwapped)
        }
      }
    }
  }

  /// Returns the row-major order of column-major values: one dimension after the other is turned
  /// against those behind it.
  private static func rowMajor(_ values: [Float], shape: [Int]) -> [Float] {
    var values = values
    var size = values.count
    for extent in shape.dropLast() {
      let width = size / extent
      if extent > 1, width > 1 { values = turned(values, rowCount: extent, columnCount: width) }
      size = width
    }
    return values
  }

  /// Returns the row-major order of matrices that follow each other, each column-major.
  private static func turned(_ values: [Float], rowCount: Int, columnCount: Int) -> [Float] {
    var result = [Float](repeating: 0, count: values.count)
    for start in stride(from: 0, to: values.count, by: rowCount * columnCount) {
      // Blocks of columns, so that what one row reads is still in the cache for the next.
      for block in stride(from: 0, to: columnCount, by: 64) {
        for row in 0..<rowCount {
          for column in block..<min(block + 64, columnCount) {
            result[start + row * columnCount + column] = values[start + column * rowCount + row]
          }
        }
      }
    }
    return result
  }

  /// What to say where the elements take more or fewer bytes than the shape asks for.
  static func sizeError(_ source: some ByteSource, _ header: NPYHeader, found: Int)
    -> DatasetError
  {
    let extents = header.shape.isEmpty ? [1] : header.shape
    return .malformed(
      path: source.path,
      reason: """
        \(found < header.byteCount ? "short file" : "extra bytes"): \
        \(extents.map(String.init).joined(separator: " x ")) elements of \
        \(header.element.byteCount) bytes expect \(header.byteCount) bytes, found \(found)
        """)
  }
}
