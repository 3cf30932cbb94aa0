/// How a word of a selection or a filter meets the value of a cell.
public enum CellPattern {
  /// Whether a value is what a pattern says: numbers compare by value, `*` stands for any text.
  ///
  /// - Complexity: O(value · pattern).
  public static func matches(_ value: String, _ pattern: String) -> Bool {
    if let a = Double(value), let b = Double(pattern), a.isFinite, b.isFinite { return a == b }
    return glob(Array(value), Array(pattern))
  }

  /// Each star takes as little as it can; where that fails, the last one takes one more.
  private static func glob(_ text: [Character], _ pattern: [Character]) -> Bool {
    var (t, p) = (0, 0)
    var star: (pattern: Int, text: Int)?
    while t < text.count {
      if p < pattern.count, pattern[p] == "*" {
        star = (p, t)
        p += 1
      } else if p < pattern.count, pattern[p] == text[t] {
        t += 1
        p += 1
      } else if let last = star {
        star = (last.pattern, last.text + 1)
        t = last.text + 1
        p = last.pattern + 1
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == "*" }
  }
}
