import Markup

/// A curve of a rate as a word: each character the mean of some rounds, from 0 (▁) to 1 (█).
public enum Sparkline {
  /// The curve in at most so many characters, with the attack window in brackets.
  ///
  /// Fewer characters than rounds stand for several rounds each, as equally as can be; a bracket then
  /// stands before the character that has the first round of the window, or behind the one that has
  /// the last. Rounds without a value leave a space. What is below 0 or above 1 is shown as these.
  ///
  /// Points come in any order, and rounds count from 0. The width leaves brackets out and is at least
  /// one.
  ///
  /// - Complexity: O(rounds + points).
  public static func text(
    _ points: [(round: Int, value: Double)], rounds: Int, window: Range<Int>?, width: Int
  ) -> String {
    let count = min(max(1, width), rounds)
    guard count > 0 else { return "" }
    var sums = [Double](repeating: 0, count: count)
    var counts = [Int](repeating: 0, count: count)
    for point in points where point.value.isFinite && (0..<rounds).contains(point.round) {
      let place = place(of: point.round, count, rounds)
      sums[place] += point.value
      counts[place] += 1
    }
    let shown = window.map { $0.clamped(to: 0..<rounds) }.flatMap { $0.isEmpty ? nil : $0 }
    let first = shown.map { place(of: $0.lowerBound, count, rounds) }
    let last = shown.map { place(of: $0.upperBound - 1, count, rounds) }
    var text = ""
    for index in 0..<count {
      if index == first { text += "[" }
      text += counts[index] == 0 ? " " : level(sums[index] / Double(counts[index]))
      if index == last { text += "]" }
    }
    return text
  }

  private static func place(of round: Int, _ count: Int, _ rounds: Int) -> Int {
    // The largest i with i * rounds / count <= round, so that parts differ by one round at most.
    ((round + 1) * count - 1) / rounds
  }

  private static func level(_ value: Double) -> String {
    String(levels[Int(min(7, max(0, (value * 8).rounded(.down))))])
  }

  private static let levels = Array("▁▂▃▄▅▆▇█")
}
