import CZlib

/// Compresses bytes.
///
/// One of the files that wrap a C library, hence the acknowledged pointers.
enum Deflater {
  /// Compresses bytes into the format of zlib (RFC 1950), as well as it can.
  ///
  /// - Parameters:
  ///   - bytes: What is compressed.
  ///   - path: Named in messages.
  /// - Returns: The compressed bytes.
  /// - Throws: Where zlib finds no memory.
  static func compressed(_ bytes: [UInt8], path: String) throws(DatasetError) -> [UInt8] {
    var length = compressBound(UInt(bytes.count))
    var output = [UInt8](repeating: 0, count: Int(length))
    let status = unsafe bytes.withUnsafeBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        unsafe compress2(
          target.baseAddress, &length, source.baseAddress, UInt(source.count), Z_BEST_COMPRESSION)
      }
    }
    guard status == Z_OK else {
      throw .unwritable(path: path, reason: "zlib cannot compress it (code \(status))")
    }
    return Array(output[..<Int(length)])
  }
}
