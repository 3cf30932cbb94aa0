import CZlib

/// Inflates compressed data piece by piece.
///
/// One of the files that wrap a C library, hence the acknowledged pointers.
@safe final class Inflater {
  /// What is around the compressed data.
  enum Wrapping {
    /// The header, checksum and size of gzip; they are checked.
    case gzip
    /// Nothing, as in ZIP archives.
    case none
  }

  /// Whether the end of the compressed data was met.
  private(set) var isAtEnd = false
  private let path: String
  private let name: String
  /// On the heap, because zlib keeps the address.
  private let stream: UnsafeMutablePointer<z_stream>

  /// Begins with nothing inflated; `path` is named in messages.
  init(_ wrapping: Wrapping, path: String) throws(DatasetError) {
    self.path = path
    name = wrapping == .gzip ? "gzip data" : "compressed data"
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // 15 bits of window, + 16 for a gzip wrapper, negative for none.
    let status = unsafe inflateInit2_(
      stream, wrapping == .gzip ? 15 + 16 : -15, ZLIB_VERSION,
      Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      throw .unreadable(path: path, reason: "zlib cannot start (code \(status))")
    }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Begins anew, for data that follows.
  func restart() {
    unsafe inflateReset(stream)
    isAtEnd = false
  }

  /// Inflates from `input[start...]` into `output` from its byte `offset` on, as much as both allow.
  ///
  /// Returns how many bytes were consumed and made. Damaged data is an error.
  ///
  /// - Precondition: both have bytes left, the end was not met, and every bit pattern is a value of
  ///   `Element`.
  func inflate<Element: BitwiseCopyable>(
    _ input: inout [UInt8], from start: Int, into output: inout MutableSpan<Element>,
    at offset: Int
  ) throws(DatasetError) -> (consumed: Int, made: Int) {
    precondition(!isAtEnd && start < input.count, "nothing to inflate")
    let available = min(input.count - start, 1 << 30)
    var free = 0
    var status = Z_OK
    unsafe input.withUnsafeMutableBufferPointer { source in
      unsafe output.withUnsafeMutableBytes { target in
        precondition(offset >= 0 && offset < target.count, "no room to inflate")
        free = min(target.count - offset, 1 << 30)
        unsafe stream.pointee.next_in = source.baseAddress.map { unsafe $0 + start }
        unsafe stream.pointee.avail_in = UInt32(available)
        unsafe stream.pointee.next_out = target.baseAddress.map {
          unsafe ($0 + offset).assumingMemoryBound(to: UInt8.self)
        }
        unsafe stream.pointee.avail_out = UInt32(free)
        status = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
      }
    }
    let consumed = available - Int(unsafe stream.pointee.avail_in)
    let made = free - Int(unsafe stream.pointee.avail_out)
    switch status {
    case Z_STREAM_END: isAtEnd = true
    case Z_OK where consumed + made > 0: break
    default:
      let reason = unsafe stream.pointee.msg.map { unsafe String(cString: $0) }
      throw .malformed(
        path: path, reason: "the \(name) is damaged: \(reason ?? "zlib code \(status)")")
    }
    return (consumed, made)
  }
}
