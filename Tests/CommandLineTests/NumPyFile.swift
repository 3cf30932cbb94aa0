import Foundation

/// Files as `numpy.save` writes them, and files that it never would.
enum NumPyFile {
  static func bytes(
    _ type: String, shape: String, isFortranOrder: Bool = false, _ elements: [UInt8]
  ) -> [UInt8] {
    let order = isFortranOrder ? "True" : "False"
    var header = "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }"
    header += String(repeating: " ", count: (64 - (10 + header.utf8.count + 1) % 64) % 64) + "\n"
    let length = header.utf8.count
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)]
      + Array(header.utf8) + elements
  }

  static func doubles(_ rows: [[Double]]) -> [UInt8] {
    bytes("<f8", shape: shape(rows), rows.joined().flatMap(littleEndian))
  }

  static func floats(_ rows: [[Double]]) -> [UInt8] {
    bytes("<f4", shape: shape(rows), rows.joined().flatMap { littleEndian(Float($0)) })
  }

  static func littleEndian(_ value: Double) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
  }

  static func littleEndian(_ value: Float) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
  }

  private static func shape(_ rows: [[Double]]) -> String { "(\(rows.count), \(rows[0].count))" }

  /// The shape, as Python writes it, and the elements of a float32 or float64 file.
  static func read(_ path: String) throws -> (shape: String, type: String, values: [Double]) {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let length = Int(bytes[8]) | Int(bytes[9]) << 8
    let header = String(decoding: bytes[10..<10 + length], as: UTF8.self)
    let start = header.firstIndex(of: "(") ?? header.startIndex
    let end = header.firstIndex(of: ")") ?? header.startIndex
    let type = header.contains("'<f4'") ? "float32" : header.contains("'<f8'") ? "float64" : "?"
    let size = type == "float32" ? 4 : 8
    let values = stride(from: 10 + length, to: bytes.count, by: size).map { offset in
      let pattern = (0..<size).reduce(UInt64(0)) { $0 | UInt64(bytes[offset + $1]) << (8 * $1) }
      return size == 4
        ? Double(Float(bitPattern: UInt32(pattern))) : Double(bitPattern: pattern)
    }
    return (String(header[start...end]), type, values)
  }
}

extension FileManager {
  /// Writes bytes below a folder, with the folders between.
  func write(_ bytes: [UInt8], to name: String, in folder: String) throws {
    let target = URL(fileURLWithPath: folder).appendingPathComponent(name)
    try createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: target)
  }
}
