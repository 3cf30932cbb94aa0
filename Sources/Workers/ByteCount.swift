/// Amounts of memory as users write them.
enum ByteCount {
  private static let units: [(name: String, power: Int)] = [
    ("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40), ("K", 10), ("M", 20), ("G", 30), ("T", 40),
    ("", 0),
  ]

  /// Reads `4GiB`, `4 G` or a number of bytes, from 1 MiB to 1 EiB; `nil` for anything else.
  static func parsed(_ text: String) -> Int? {
    for (name, power) in units where text.hasSuffix(name) {
      let digits = text.dropLast(name.count).filter { $0 != " " }
      guard let count = Double(digits), count.isFinite else { return nil }
      let bytes = count * Double(1 << power)
      return (0x1p20...0x1p60).contains(bytes) ? Int(bytes) : nil
    }
    return nil
  }
}
