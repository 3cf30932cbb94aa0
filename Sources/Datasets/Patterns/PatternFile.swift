public import Kernels
public import Tensors

/// A small grid of cells that a trigger sets, read from a file.
///
/// - A text file has one line per row, all of one length: `.` leaves a cell alone, `#` is 1, and a
///   digit d is d / 9. Blank lines at the end do not count.
/// - A `.npy` file has a matrix, or a vector as one row: NaN leaves a cell alone.
/// - A `.npz` file has the matrices `values` and `mask` of numbers and of one shape: a mask of 0 leaves a
///   cell alone.
/// - A `.pgm` or `.ppm` image sets every cell to its sample / 255; of the latter each channel has cells of
///   its own.
public struct PatternFile: Sendable, Equatable {
  /// The values of the cells, of all channels side by side; NaN where a cell is left alone.
  public let cells: Matrix<Float>
  /// 1: a cell is for all channels of an input.
  public let channelCount: Int

  /// The most cells that are read.
  static let limit = 1 << 24

  /// One cell of value 1.
  public static let singleCell = PatternFile(cells: Matrix(rows: [[1]]))

  private init(cells: Matrix<Float>) {
    self.cells = cells
    channelCount = 1
  }

  /// Reads a file by the end of its name: `.npy`, `.npz`, `.pgm`, `.ppm`, `.pnm`, else text.
  ///
  /// - Throws: ``DatasetError`` where it cannot be read, is no such grid, sets no cell, or sets one to
  ///   an infinite value.
  public init(path: String) throws(DatasetError) { try self.init(path: path, decodePNG: nil) }

  /// The same, and `.png` where there is somebody who reads it.
  package init(path: String, decodePNG: RasterImage.Decoder?) throws(DatasetError) {
    if [".pgm", ".ppm", ".pnm", ".png"].contains(where: path.hasSuffix) {
      let image = try RasterImage(path: path, decodePNG: decodePNG)
      guard image.bytes.count <= Self.limit else {
        throw .malformed(
          path: path, reason: "has \(image.extents) samples; at most \(Self.limit) are read")
      }
      cells = Matrix(
        rowCount: image.height, columnCount: image.width * image.channelCount,
        values: image.bytes.map { Float($0) / 255 })
      channelCount = image.channelCount
      return
    }
    let cells =
      if path.hasSuffix(".npy") {
        try NPYFile.readFloats(path) { rows, columns in
          Double(rows) * Double(columns) > Double(Self.limit)
            ? "has \(rows) x \(columns) cells; at most \(Self.limit) are read" : nil
        }
      } else if path.hasSuffix(".npz") {
        try Self.masked(path)
      } else {
        try Self.text(path)
      }
    let values = cells.values
    guard values.contains(where: { !$0.isNaN }) else {
      throw .malformed(path: path, reason: "sets no cell")
    }
    guard !values.contains(where: \.isInfinite) else {
      throw .malformed(path: path, reason: "has a value that is infinite")
    }
    self.cells = cells
    channelCount = 1
  }

  /// What identifies the pattern, however it was written.
  public var canonicalArray: CanonicalArray {
    CanonicalArray(
      name: "pattern", elementType: .float32,
      shape: channelCount == 1
        ? [cells.rowCount, cells.columnCount]
        : [cells.rowCount, cells.columnCount / channelCount, channelCount],
      bytes: cells.values.flatMap { value in
        let bits = (value.isNaN ? Float.nan : value == 0 ? 0 : value).bitPattern
        return (0..<4).map { UInt8(truncatingIfNeeded: bits >> ($0 * 8)) }
      })
  }

  private static func masked(_ path: String) throws(DatasetError) -> Matrix<Float> {
    let arrays = try NPZFile.read(path, limit: limit)
    let names = arrays.map(\.name).sorted()
    guard names == ["mask", "values"], let mask = arrays.first(where: { $0.name == "mask" })?.array,
      let values = arrays.first(where: { $0.name == "values" })?.array
    else {
      throw .malformed(
        path: path, reason: "has the arrays \(names.joined(separator: ", ")), not mask and values")
    }
    guard mask.shape == values.shape, values.shape.count == 2, !values.values.isEmpty else {
      throw .malformed(
        path: path,
        reason: "mask has the shape \(mask.shape), values \(values.shape); two matrices of one "
          + "shape are needed, not empty")
    }
    return Matrix(
      rowCount: values.shape[0], columnCount: values.shape[1],
      values: zip(mask.values, values.values).map { $0 == 0 ? .nan : $1 })
  }

  private static func text(_ path: String) throws(DatasetError) -> Matrix<Float> {
    let file = try InputFile(path: path)
    // No more memory than a small file needs; one byte more tells that it is too long.
    let bytes = try file.read(min(limit, file.remainingCount ?? limit) + 1)
    guard bytes.count <= limit else {
      throw .malformed(path: path, reason: "is longer than the \(limit) bytes that are read")
    }
    var lines = bytes.split(separator: 0x0a, omittingEmptySubsequences: false)
      .map { $0.last == 0x0d ? $0.dropLast() : $0 }
    while lines.last?.isEmpty == true { lines.removeLast() }
    guard let width = lines.first?.count, width > 0 else {
      throw .malformed(path: path, reason: "has no first row")
    }
    var values: [Float] = []
    for (row, line) in lines.enumerated() {
      guard line.count == width else {
        throw .malformed(
          path: path, reason: "line \(row + 1) has \(line.count) cells, the first \(width)")
      }
      for byte in line {
        guard let value = value(of: byte) else {
          throw .malformed(
            path: path,
            reason: "line \(row + 1) has a cell that is none of '.', '#' and the digits 0 to 9")
        }
        values.append(value)
      }
    }
    return Matrix(rowCount: lines.count, columnCount: width, values: values)
  }

  private static func value(of byte: UInt8) -> Float? {
    switch byte {
    case UInt8(ascii: "."): .nan
    case UInt8(ascii: "#"): 1
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Float(byte - UInt8(ascii: "0")) / 9
    default: nil
    }
  }
}
