/// A node in the tree of random streams of one run.
///
/// Every consumer of randomness owns a path such as `root/client/12/round/7`. A stream depends on
/// its path alone, so adding a consumer, leaving one out or running consumers in another order
/// changes no other stream.
public struct SeedPath: Hashable, Sendable {
  private static let indexTag: UInt32 = 1
  private static let labelTag: UInt32 = 2

  let key: UInt64

  /// Creates the root of the tree of one seed.
  public init(root seed: UInt64) {
    key = Self.mixed(seed, tag: 0, under: 0)
  }

  private init(key: UInt64) {
    self.key = key
  }

  /// Returns the child with the given name.
  public func child(_ label: String) -> SeedPath {
    // FNV-1a over UTF-8; the block function does the mixing.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in label.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    return SeedPath(key: Self.mixed(hash, tag: Self.labelTag, under: key))
  }

  /// Returns the child with the given index.
  ///
  /// - Precondition: `index >= 0`
  public func child(_ index: Int) -> SeedPath {
    precondition(index >= 0, "SeedPath index must not be negative, got \(index)")
    return SeedPath(key: Self.mixed(UInt64(index), tag: Self.indexTag, under: key))
  }

  /// Returns a fresh stream positioned at the start of this path.
  public func stream() -> RandomStream {
    RandomStream(key: key)
  }

  private static func mixed(_ value: UInt64, tag: UInt32, under key: UInt64) -> UInt64 {
    let words = Philox.block(at: value, tag: tag, key: key)
    return UInt64(words[0]) | UInt64(words[1]) &<< 32
  }
}
