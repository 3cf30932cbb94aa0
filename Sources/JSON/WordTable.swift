/// Words that come again and again in a log, each kept once.
///
/// The lines of ten thousand trials hold a few hundred different keys and reasons, half a million
/// times; one copy of each saves most of the memory and of the time.
public final class WordTable {
  /// Beyond this many words, new ones are no longer kept: the log is not what it was made for.
  private static let limit = 4096

  /// A power of two, and at least twice as many as there are words.
  private var slots: [String?] = Array(repeating: nil, count: 32)
  private var count = 0

  public init() {}

  /// The text of bytes that are known as a word, or become one; `nil` if they are not UTF-8.
  public func word(_ bytes: [UInt8], _ range: Range<Int>) -> String? {
    var slot = Self.hash(bytes[range]) & (slots.count - 1)
    while let known = slots[slot] {
      if known.utf8.count == range.count, known.utf8.elementsEqual(bytes[range]) { return known }
      slot = (slot + 1) & (slots.count - 1)
    }
    guard let text = String(validating: bytes[range], as: UTF8.self) else { return nil }
    guard count < Self.limit else { return text }
    slots[slot] = text
    count += 1
    if 2 * count > slots.count { grow() }
    return text
  }

  /// FNV-1a, folded.
  private static func hash(_ bytes: some Sequence<UInt8>) -> Int {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    return Int(truncatingIfNeeded: (hash ^ (hash >> 32)) & 0xffff_ffff)
  }

  private func grow() {
    let words = slots.compactMap(\.self)
    slots = Array(repeating: nil, count: 2 * slots.count)
    for word in words {
      var slot = Self.hash(word.utf8) & (slots.count - 1)
      while slots[slot] != nil { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = word
    }
  }
}
