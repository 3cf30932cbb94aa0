import Studies

/// Terminal colors from good to bad, by absolute bounds: one value has one color in every table.
struct HeatScale: Sendable {
  private let score: Score

  init(_ score: Score) { self.score = score }

  func colored(_ text: String, _ value: Double) -> String {
    guard let step = score.step(of: value) else { return text }
    return "\u{1b}[38;5;16;48;5;\(Self.palette[step])m\(text)\u{1b}[0m"
  }

  static func bold(_ text: String) -> String { "\u{1b}[1m\(text)\u{1b}[0m" }

  /// Light backgrounds of the 256-color table, green to red; the text on them is black.
  private static let palette = [114, 223, 216, 210]
}
