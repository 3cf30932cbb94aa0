/// Numbers as people write them on a command line.
enum DecimalText {
  /// The value of digits with at most one point and an exponent; `nil` for anything else, such as a
  /// hexadecimal numeral, a name such as `nan`, or what no finite number stands for.
  static func value(of text: String) -> Double? {
    guard text.wholeMatch(of: /[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?/) != nil,
      let value = Double(text), value.isFinite
    else { return nil }
    return value
  }
}
