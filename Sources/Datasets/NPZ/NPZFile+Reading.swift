extension NPZFile {
  /// Reads all arrays of an archive, in the order of its directory, named without `.npy`.
  ///
  /// Elements are float32 or float64 in either byte order and in C or Fortran order; float64 is
  /// rounded and refused as by ``NPYFile/readFloats(_:)``, where a row is what the first of several
  /// dimensions counts, and an array of at most one dimension is one row. Arrays may be stored or
  /// deflated; sizes of 64 bits and members of unknown size, as a pipe writes them, are read.
  ///
  /// Refused, with the reason: other element types, more than 8 dimensions, members that are no
  /// arrays, names that occur twice, hold control characters or lead out of a folder (an absolute
  /// path, or `..`; nothing is ever unpacked, but no honest archive has them), encrypted archives and
  /// those of several disks, a checksum that differs, and all that is malformed. No memory is asked
  /// for that the size of the file does not warrant: at most 1032 times the compressed bytes.
  ///
  /// The path `-` is standard input, where that is a regular file.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - limit: The most values that an array may have.
  ///   - total: The most values that all of them together may have.
  /// - Returns: The arrays with their names.
  /// - Throws: ``DatasetError``.
  /// - Complexity: one pass over the file.
  public static func read(
    _ path: String, limit: Int = .max, total: Int = .max
  ) throws(DatasetError) -> [(name: String, array: NPZArray)] {
    let file = try InputFile(path: path, refusesOtherKinds: false)
    let directory = try ZIPDirectory(of: file)
    var arrays: [(name: String, array: NPZArray)] = []
    var names: Set<String> = []
    var left = total
    for entry in directory.entries {
      let name = try arrayName(entry, path: file.path)
      guard names.insert(name).inserted else {
        throw .malformed(path: file.path, reason: "holds two arrays named '\(name)'")
      }
      let member = try ZIPMember(
        entry, of: file, endingBefore: directory.start, path: "\(file.path), array '\(name)'")
      let array = try array(of: member, limit: min(limit, left))
      left -= array.values.count
      arrays.append((name, array))
    }
    return arrays
  }

  static func arrayName(_ entry: ZIPEntry, path: String) throws(DatasetError) -> String {
    guard let name = String(validating: entry.name, as: UTF8.self), isShowable(name) else {
      throw .malformed(
        path: path, reason: "holds a name that is not UTF-8 or has control characters")
    }
    guard name.hasSuffix(suffix) else {
      throw .malformed(path: path, reason: "holds '\(name)', which is no array (.npy)")
    }
    guard name.utf8.first != UInt8(ascii: "/"), !name.split(separator: "/").contains("..") else {
      throw .malformed(path: path, reason: "holds '\(name)', a path out of the archive's folder")
    }
    return String(name.dropLast(suffix.count))
  }

  private static func array(of member: ZIPMember, limit: Int) throws(DatasetError) -> NPZArray {
    let header = try NPYHeader(from: member)
    guard header.shape.count <= NPZArray.dimensionLimit else {
      throw .malformed(
        path: member.path,
        reason: "has \(header.shape.count) dimensions; at most \(NPZArray.dimensionLimit) are read")
    }
    guard header.count <= limit else {
      throw .malformed(
        path: member.path, reason: "has \(header.count) values; at most \(limit) are expected")
    }
    let values = try NPYElements.read(header, from: member)
    try member.finish()
    return NPZArray(shape: header.shape, values: values)
  }
}
