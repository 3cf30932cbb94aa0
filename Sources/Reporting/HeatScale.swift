/// Terminal colors from good to bad, by absolute bounds: one value has one color in every table.
struct HeatScale: Sendable {
  private let score: Score

  init(_ score: Score) { self.score = score }

  /// The place of a value among the colors, 0 the best, as it is rounded in the table; `nil` if the
  /// score does not judge or has no bounds.
  func step(of value: Double) -> Int? {
    guard score.better != .none, !score.bounds.isEmpty, value.isFinite else { return nil }
    var unit = 1.0
    for _ in 0..<score.decimals { unit *= 10 }
    let shown = (value * unit).rounded() / unit
    let place = score.bounds.firstIndex { score.better == .lower ? shown <= $0 : shown >= $0 }
    return min(place ?? score.bounds.count, Self.palette.count - 1)
  }

  func colored(_ text: String, _ value: Double) -> String {
    guard let step = step(of: value) else { return text }
    return "\u{1b}[38;5;16;48;5;\(Self.palette[step])m\(text)\u{1b}[0m"
  }

  static func bold(_ text: String) -> String { "\u{1b}[1m\(text)\u{1b}[0m" }

  /// Light backgrounds of the 256-color table, green to red; the text on them is black.
  private static let palette = [114, 223, 216, 210]
}
