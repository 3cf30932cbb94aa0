/// Amounts of memory as users write them.
enum ByteCount {
  private static let units: [(name: String, power: Int)] = [
    ("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10), ("T", 40), ("G", 30), ("M", 20), ("K", 10),
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

  /// A number of bytes for readers: the largest binary unit of which there is one.
  static func text(_ bytes: Int) -> String {
    let unit = units.first { $0.name.hasSuffix("iB") && bytes >= 1 << $0.power }
    let (name, power) = unit ?? ("B", 0)
    let tenths = (10 * Double(bytes) / Double(1 << power)).rounded() / 10
    return (tenths == tenths.rounded() ? "\(Int(tenths))" : "\(tenths)") + " " + name
  }
}
