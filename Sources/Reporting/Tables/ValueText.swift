import Markup

/// The parts of a field as people see them, before any markup.
struct ValueText: Hashable, Sendable {
  /// The text, or the number with `≥` before a lower bound.
  var main: String
  /// `± .014`, half the 95 % interval, or nothing.
  var spread = ""
  /// `!` or `/3`, or nothing.
  var mark = ""
  /// Whether it is a number, or a word in the place of one.
  var isNumeric = true

  init(_ value: DataTable.Value) {
    switch value {
    case .text(let text):
      main = text
      isNumeric = false
    case .integer(let number): main = String(number)
    case .number(let number, let decimals): main = FixedPoint.text(number, decimals)
    case .estimate(let mean, let half, let decimals, let isLowerBound, let mark):
      main = (isLowerBound ? "≥ " : "") + FixedPoint.text(mean, decimals)
      spread = half.map { "± " + FixedPoint.spread($0, decimals) } ?? ""
      self.mark = mark
    case .missing(let word, _): main = word
    }
  }
}

extension DataTable {
  /// Whether all of a column is numbers, or words in the place of some.
  func isNumeric(_ column: Int) -> Bool {
    !rows.isEmpty && rows.allSatisfy { ValueText($0.values[column]).isNumeric }
  }
}
