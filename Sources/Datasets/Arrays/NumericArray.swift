/// An array of NumPy with floats or integers, in single precision.
struct NumericArray {
  let path: String
  let shape: [Int]
  /// In row-major order, as they are stored: bytes are not scaled.
  let values: [Float]
  /// Whether the values are stored as bytes.
  let isBytes: Bool

  /// Reads an array of at most `limit` values; `source` is a file, or a member of an archive.
  init(from source: some ByteSource, limit: Int) throws(DatasetError) {
    let header = try NPYHeader(from: source, takesIntegers: true)
    guard header.shape.count <= NPZArray.dimensionLimit else {
      throw .malformed(
        path: source.path,
        reason: "has \(header.shape.count) dimensions; at most \(NPZArray.dimensionLimit) are read")
    }
    // Archives may hold much more than their own size.
    guard header.count <= limit else {
      throw .malformed(
        path: source.path,
        reason: "has \(header.count) values; the memory there is holds \(limit)")
    }
    path = source.path
    shape = header.shape
    isBytes = header.element.isByte
    values = try NPYElements.read(header, from: source)
  }
}
