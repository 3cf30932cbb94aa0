import Tensors

extension NPYFile {
  /// Writes a matrix with its shape, in C order and in its own precision.
  ///
  /// The path `-` is standard output. The file appears under its name only when it is complete, and
  /// replaces one that exists; on an error nothing is left behind. Values are written as they are,
  /// NaN included.
  public static func write(_ matrix: NPYMatrix, to path: String) throws(DatasetError) {
    let shape = [matrix.rowCount, matrix.columnCount]
    switch matrix {
    case .float32(let matrix):
      try write(matrix.values, dtype: "<f4", shape: shape, to: path)
    case .float64(let matrix):
      try write(matrix.values, dtype: "<f8", shape: shape, to: path)
    }
  }

  /// Writes a one-dimensional array of float32, as for matrices.
  public static func write(_ vector: [Float], to path: String) throws(DatasetError) {
    try write(vector, dtype: "<f4", shape: [vector.count], to: path)
  }

  /// Writes a one-dimensional array of float64, as for matrices.
  public static func write(_ vector: [Double], to path: String) throws(DatasetError) {
    try write(vector, dtype: "<f8", shape: [vector.count], to: path)
  }

  private static func write<Element: BitwiseCopyable>(
    _ values: [Element], dtype: String, shape: [Int], to path: String
  ) throws(DatasetError) {
    let file = try OutputFile(path: path)
    try file.write(header(dtype: dtype, shape: shape).span)
    try file.write(values.span)
    try file.commit()
  }

  /// The magic, version 1.0, and the dictionary padded so that the elements start at a multiple of
  /// 64 bytes.
  private static func header(dtype: String, shape: [Int]) -> [UInt8] {
    let extents = shape.count == 1 ? "\(shape[0])," : shape.map(String.init).joined(separator: ", ")
    var text = "{'descr': '\(dtype)', 'fortran_order': False, 'shape': (\(extents)), }"
    let unpadded = magic.count + 4 + text.utf8.count + 1
    text += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
    let length = UInt16(text.utf8.count)
    return magic + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)] + text.utf8
  }
}
