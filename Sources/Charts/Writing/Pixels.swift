/// Numbers of a drawing, in tenths of a pixel.
///
/// A tenth is finer than any screen shows, and sums of whole tenths never drift.
enum Pixels {
  /// The nearest tenth; what is not finite or far outside is drawn at an end.
  static func tenths(_ value: Double) -> Int {
    guard !value.isNaN else { return 0 }
    return Int((value.clamped(to: -1e6...1e6) * 10).rounded())
  }

  /// The number with at most one decimal, without a zero that nobody needs.
  static func text(_ value: Double) -> String { text(tenths: tenths(value)) }

  static func text(tenths: Int) -> String {
    let (whole, rest) = tenths.magnitude.quotientAndRemainder(dividingBy: 10)
    let sign = tenths < 0 ? "-" : ""
    return rest == 0 ? "\(sign)\(whole)" : "\(sign)\(whole == 0 ? "" : "\(whole)").\(rest)"
  }
}

extension Comparable {
  /// The nearest value of a range.
  func clamped(to range: ClosedRange<Self>) -> Self {
    min(max(self, range.lowerBound), range.upperBound)
  }
}
