import Components
import Results

/// Deals a number of clients to groups by their shares, by the largest remainder.
enum GroupSizes {
  /// What is wrong with shares; `nil`: nothing.
  static func problem(_ shares: [Double]) -> String? {
    let sum = shares.reduce(0, +)
    guard abs(sum - 1) > 1e-9 else { return nil }
    let text = CanonicalJSON.number((sum * 1e9).rounded() / 1e9)
    return "the shares sum to \(text); they have to sum to 1"
  }

  /// - Parameters:
  ///   - shares: Numbers above 0 that sum to 1.
  ///   - count: The number of clients.
  /// - Returns: Whole numbers that sum to `count`: each share of it rounded down, and one more for those
  ///   with the largest remainders, of equal ones for the first.
  static func sizes(_ shares: [Double], of count: Int) -> [Int] {
    var sizes = shares.map { DecimalShare($0).count(of: count) }
    let remainders = zip(shares, sizes).map { $0 * Double(count) - Double($1) }
    // Remainders that are equal but for rounding are equal.
    let order = remainders.indices.sorted {
      abs(remainders[$0] - remainders[$1]) > 1e-9 ? remainders[$0] > remainders[$1] : $0 < $1
    }
    for place in order.prefix(max(0, count - sizes.reduce(0, +))) { sizes[place] += 1 }
    return sizes
  }
}
