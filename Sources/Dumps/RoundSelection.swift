/// Which rounds of a trial are meant: `0,10,last`, `0..9` or `all`.
public struct RoundSelection: Sendable, Hashable {
  /// Why a text says no rounds.
  public struct SyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
  }

  /// What was written.
  let text: String
  private var ranges: [ClosedRange<Int>] = []
  private var hasLast = false

  /// Reads numbers, ranges with both ends, `last` and `all`, separated by commas; rounds count from 0.
  public init(_ text: String) throws(SyntaxError) {
    self.text = text
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      switch part {
      case "last": hasLast = true
      case "all": ranges.append(0...Int.max)
      default:
        let bounds = part.split(separator: "..", omittingEmptySubsequences: false).map { Int($0) }
        guard let first = bounds.first ?? nil, let last = bounds.last ?? nil, bounds.count <= 2,
          first >= 0, first <= last
        else {
          throw SyntaxError(
            description: "takes rounds such as 0,10,last, 0..9 or all, not '\(part.prefix(100))'")
        }
        ranges.append(first...last)
      }
    }
  }

  /// Whether a round of a trial of so many rounds is meant.
  public func contains(_ round: Int, of roundCount: Int) -> Bool {
    hasLast && round == roundCount - 1 || ranges.contains { $0.contains(round) }
  }

  /// The first round that is named and that no trial of so many rounds has; `nil` if there is none.
  public func absent(from roundCount: Int) -> Int? {
    ranges.map(\.lowerBound).filter { $0 >= roundCount }.min()
  }
}
