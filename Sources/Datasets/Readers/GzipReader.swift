import CZlib

/// Inflates a gzip file piece by piece.
///
/// Members that follow each other are joined, as gzip does; zero padding after the last is skipped.
/// The checksums of zlib are checked, the last one when the end is reached.
///
/// One of the files that wrap a C library, hence the acknowledged pointers.
@safe final class GzipReader {
  private let file: InputFile
  private var input: [UInt8]
  private var start = 0
  private var isInMember = true
  private var isPadding = false
  /// On the heap, because zlib keeps the address.
  private let stream: UnsafeMutablePointer<z_stream>

  /// Continues a file whose first bytes, the gzip magic among them, are already read into `head`.
  init(file: InputFile, head: [UInt8]) throws(DatasetError) {
    self.file = file
    input = head
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    // 15 bits of window, + 16 for a gzip wrapper.
    let status = unsafe inflateInit2_(
      stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      throw .unreadable(path: file.path, reason: "zlib cannot start (code \(status))")
    }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  /// Fills `output` and returns how many bytes it got: fewer than asked for only at the end.
  func read(into output: inout MutableSpan<UInt8>) throws(DatasetError) -> Int {
    var count = 0
    while count < output.count {
      if start == input.count {
        input = try file.read(1 << 16)
        start = 0
        if input.isEmpty {
          guard !isInMember else {
            throw .malformed(path: file.path, reason: "the gzip data ends early (truncated file?)")
          }
          return count
        }
      }
      if isInMember {
        count += try inflate(into: &output, at: count)
      } else {
        try skipToNextMember()
      }
    }
    return count
  }

  /// Inflates from what is buffered into what is free, and returns the number of bytes made.
  private func inflate(into output: inout MutableSpan<UInt8>, at offset: Int) throws(DatasetError)
    -> Int
  {
    let available = input.count - start
    let free = min(output.count - offset, 1 << 30)
    var status = Z_OK
    unsafe input.withUnsafeMutableBufferPointer { source in
      unsafe output.withUnsafeMutableBufferPointer { target in
        unsafe stream.pointee.next_in = source.baseAddress.map { unsafe $0 + start }
        unsafe stream.pointee.avail_in = UInt32(available)
        unsafe stream.pointee.next_out =
          target.baseAddress.map { unsafe $0 + offset }
        unsafe stream.pointee.avail_out = UInt32(free)
        status = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
      }
    }
    let consumed = available - Int(unsafe stream.pointee.avail_in)
    let made = free - Int(unsafe stream.pointee.avail_out)
    start += consumed
    switch status {
    case Z_STREAM_END: isInMember = false
    case Z_OK where consumed + made > 0: break
    default:
      let reason = unsafe stream.pointee.msg.map { unsafe String(cString: $0) }
      throw .malformed(
        path: file.path, reason: "the gzip data is damaged: \(reason ?? "zlib code \(status)")")
    }
    return made
  }

  /// Consumes one byte of padding or turns to the member that starts here.
  private func skipToNextMember() throws(DatasetError) {
    if input[start] == 0 {
      isPadding = true
      start += 1
    } else if input[start] == 0x1f, !isPadding {
      unsafe inflateReset(stream)
      isInMember = true
    } else {
      throw .malformed(path: file.path, reason: "extra bytes after the end of the gzip data")
    }
  }
}
