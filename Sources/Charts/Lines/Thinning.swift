/// Leaves points out of long curves without changing how they look.
enum Thinning {
  /// More than a drawing has pixels to show.
  static let limit = 400

  /// The indices to keep: of each of equal stretches the lowest and the highest value and the first
  /// gap, and the first and the last of all; at most ``limit`` of them, ascending.
  ///
  /// Given are a low and a high edge, or twice the same; gaps are not finite.
  ///
  /// - Complexity: O(n)
  static func kept(low: [Double], high: [Double]) -> [Int] {
    let count = min(low.count, high.count)
    guard count > limit else { return Array(0..<count) }
    // The two ends, and what each stretch may give.
    let hasGaps = !(0..<count).allSatisfy { low[$0].isFinite && high[$0].isFinite }
    let stretches = (limit - 2) / (hasGaps ? 3 : 2)
    var kept = [0]
    for stretch in 0..<stretches {
      let range = count * stretch / stretches..<count * (stretch + 1) / stretches
      let solid = range.filter { low[$0].isFinite && high[$0].isFinite }
      // Ties go to the first.
      let least = solid.min { (low[$0], $0) < (low[$1], $1) }
      let most = solid.min { (-high[$0], $0) < (-high[$1], $1) }
      let gap = range.first { !(low[$0].isFinite && high[$0].isFinite) }
      for index in [least, most, gap].compactMap(\.self).sorted() where index > kept[kept.count - 1]
      {
        kept.append(index)
      }
    }
    if kept[kept.count - 1] != count - 1 { kept.append(count - 1) }
    return kept
  }
}
