import Diagnostics

/// The end of what a worker wrote to its log.
struct LogTail {
  static let limit = 16 << 10
  private var bytes: [UInt8] = []

  mutating func append(_ more: ArraySlice<UInt8>) {
    bytes += more.suffix(Self.limit)
    if bytes.count > Self.limit { bytes.removeFirst(bytes.count - Self.limit) }
  }

  /// Whether it says one of some texts.
  func says(_ texts: [String]) -> Bool {
    let log = String(decoding: bytes, as: UTF8.self)
    return texts.contains(where: log.contains)
  }

  /// The last lines that say something, fit to be shown, the newest last.
  func lastLines(_ count: Int = 3) -> [String] {
    bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
      .filter { !$0.allSatisfy(\.isWhitespace) }.suffix(count).map { excerpt($0) }
  }
}
