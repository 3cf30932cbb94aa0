/// Terminal colors from bad to good by the rank of a value among those of its table.
struct HeatScale: Sendable {
  private let sorted: [Double]
  private let better: Score.Direction

  init(_ values: [Double], better: Score.Direction) {
    sorted = values.sorted()
    self.better = better
  }

  /// The share of the other values that are worse, ties counted half; `nil` if the score does not
  /// judge or all values are equal.
  func goodness(of value: Double) -> Double? {
    guard better != .none, let least = sorted.first, let most = sorted.last, least < most else {
      return nil
    }
    let below = Double(sorted.count { $0 < value })
    let equal = Double(sorted.count { $0 == value })
    let quantile = (below + (equal - 1) / 2) / Double(sorted.count - 1)
    return better == .higher ? quantile : 1 - quantile
  }

  func colored(_ text: String, _ value: Double) -> String {
    guard let goodness = goodness(of: value) else { return text }
    let step = min(Self.palette.count - 1, Int(goodness * Double(Self.palette.count)))
    return "\u{1b}[38;5;16;48;5;\(Self.palette[step])m\(text)\u{1b}[0m"
  }

  static func bold(_ text: String) -> String { "\u{1b}[1m\(text)\u{1b}[0m" }

  /// Light backgrounds of the 256-color table, red to green; the text on them is black.
  private static let palette = [210, 216, 223, 157, 114]
}
