public import Kernels
public import Tensors

extension NPYFile {
  /// Writes a matrix with its shape, as float32 in C order.
  ///
  /// The path `-` is standard output. The file appears under its name only when it is complete, and
  /// replaces one that exists; on an error nothing is left behind. Values are written as they are,
  /// NaN included.
  public static func write(_ matrix: Matrix<Float>, to path: String) throws(DatasetError) {
    try write(matrix.span, shape: [matrix.rowCount, matrix.columnCount], to: path)
  }

  /// Writes a one-dimensional array of float32, as for matrices.
  public static func write(_ vector: [Float], to path: String) throws(DatasetError) {
    try write(vector.span, shape: [vector.count], to: path)
  }

  private static func write(
    _ values: Span<Float>, shape: [Int], to path: String
  ) throws(DatasetError) {
    let file = try OutputFile(path: path)
    try file.write(floatHeader(shape: shape).span)
    try file.write(values)
    try file.commit()
  }

  /// The magic, version 1.0, and the dictionary padded so that the elements start at a multiple of
  /// 64 bytes.
  static func floatHeader(shape: [Int]) -> [UInt8] {
    var text = """
      {'descr': '<f4', 'fortran_order': False, 'shape': \(NPYHeader.text(shape)), }
      """
    let unpadded = magic.count + 4 + text.utf8.count + 1
    text += String(repeating: " ", count: (64 - unpadded % 64) % 64) + "\n"
    let length = UInt16(text.utf8.count)
    return magic + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)] + text.utf8
  }
}
