/// Bytes that came and were not used yet.
struct ByteQueue {
  private var bytes: [UInt8] = []
  private var start = 0
  /// No line ends before this place.
  private var searched = 0

  var count: Int { bytes.count - start }
  var isEmpty: Bool { count == 0 }

  mutating func append(_ more: ArraySlice<UInt8>) {
    if start > 1 << 16, start > bytes.count / 2 {
      bytes.removeFirst(start)
      searched -= start
      start = 0
    }
    bytes += more
  }

  /// Takes the first line, without what ends it; `nil` if none is complete.
  mutating func takeLine() -> [UInt8]? {
    searched = max(searched, start)
    guard let end = bytes[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
      searched = bytes.count
      return nil
    }
    defer { advance(to: end + 1) }
    return Array(bytes[start..<end])
  }

  /// Takes at most so many bytes.
  mutating func take(upTo limit: Int) -> ArraySlice<UInt8> {
    let end = start + min(limit, count)
    defer { advance(to: end) }
    return bytes[start..<end]
  }

  private mutating func advance(to place: Int) {
    start = place
    guard start == bytes.count else { return }
    bytes.removeAll(keepingCapacity: bytes.capacity <= 1 << 20)
    start = 0
    searched = 0
  }
}
