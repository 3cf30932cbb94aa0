extension SafeTensorsFile {
  /// Writes arrays as F32, in the given order.
  ///
  /// `safetensors.numpy.load_file` and `safetensors.torch.load_file` read them. The header is padded
  /// with spaces so that the arrays begin at a multiple of 8 bytes. The file appears under its name
  /// only when it is complete, as with ``NPYFile``; the path `-` is standard output.
  ///
  /// - Precondition: The names are different, none is `__metadata__`, and none has control
  ///   characters.
  public static func write(_ arrays: [(name: String, array: NPZArray)], to path: String)
    throws(DatasetError)
  {
    precondition(
      arrays.allSatisfy { NPZFile.isShowable($0.name) && $0.name != "__metadata__" }
        && Set(arrays.map(\.name)).count == arrays.count,
      "SafeTensorsFile.write: names that occur twice, are reserved or hold control characters")
    var position = 0
    let entries = arrays.map { name, array in
      let start = position
      position += 4 * array.values.count
      let shape = array.shape.map(String.init).joined(separator: ",")
      return "\"\(escaped(name))\":{\"dtype\":\"F32\",\"shape\":[\(shape)],"
        + "\"data_offsets\":[\(start),\(position)]}"
    }
    var header = Array("{\(entries.joined(separator: ","))}".utf8)
    header += [UInt8](repeating: UInt8(ascii: " "), count: (8 - header.count % 8) % 8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    let file = try OutputFile(path: path)
    try file.write(length.span)
    try file.write(header.span)
    for (_, array) in arrays { try file.write(array.values.span) }
    try file.commit()
  }

  private static func escaped(_ name: String) -> String {
    name.unicodeScalars.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined()
  }
}
