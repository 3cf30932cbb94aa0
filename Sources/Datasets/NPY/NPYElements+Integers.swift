extension NPYElements {
  /// Appends integers in the order of the file, rounded to single precision.
  static func appendIntegers(
    _ header: NPYHeader, from source: some ByteSource, to values: inout [Float]
  ) throws(DatasetError) {
    let element = header.element
    let width = element.byteCount
    var piece = [UInt8](repeating: 0, count: min(1 << 16, header.count * width))
    while values.count < header.count {
      let size = min(piece.count / width, header.count - values.count)
      let found = try source.read(size * width, into: &piece)
      guard found == size * width else {
        throw sizeError(source, header, found: values.count * width + found)
      }
      values.append(addingCapacity: size) { target in
        for index in 0..<size { target.append(number(piece, at: index * width, element)) }
      }
    }
  }

  private static func number(_ bytes: [UInt8], at start: Int, _ element: NPYElement) -> Float {
    var bits: UInt64 = 0
    for offset in 0..<element.byteCount {
      let place = element.isBigEndian ? offset : element.byteCount - 1 - offset
      bits = bits << 8 | UInt64(bytes[start + place])
    }
    guard element.kind == .signed else { return Float(bits) }
    // The sign moves to the top and back.
    let shift = 64 - 8 * element.byteCount
    return Float(Int64(bitPattern: bits << UInt64(shift)) >> Int64(shift))
  }
}
