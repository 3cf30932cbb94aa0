/// Amounts of memory as people write and read them.
public enum MemoryAmount {
  /// A number of bytes for readers: three digits and a binary unit.
  public static func text(_ bytes: Double) -> String {
    var (value, unit) = (bytes / 0x1p20, "MiB")
    for next in ["GiB", "TiB", "PiB", "EiB"] where value >= 1000 {
      (value, unit) = (value / 1024, next)
    }
    let tenths = (value * 10).rounded()
    guard tenths < 1e15 else { return "\(value) \(unit)" }
    let whole = Int(tenths)
    return whole >= 1000 || whole % 10 == 0
      ? "\(Int(value.rounded())) \(unit)" : "\(whole / 10).\(whole % 10) \(unit)"
  }

  /// Reads `8GiB`, `8G`, `500 MB` or a number of bytes; without an i, units are powers of 1000.
  public static func bytes(_ text: String) -> Double? {
    guard let match = text.wholeMatch(of: /\s*([0-9]+(?:\.[0-9]+)?)\s*([kKMGTPE]?)(i?)B?\s*/),
      let number = Double(match.1),
      match.3.isEmpty || !match.2.isEmpty
    else { return nil }
    let power = Double(
      " KMGTPE".firstIndex(of: match.2.uppercased().first ?? " ").map {
        " KMGTPE".distance(from: " KMGTPE".startIndex, to: $0)
      } ?? 0)
    var bytes = number
    for _ in 0..<Int(power) { bytes *= match.3.isEmpty ? 1000 : 1024 }
    return bytes
  }
}
