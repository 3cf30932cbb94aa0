/// Colors of terminal text.
enum Paint: String, Sendable {
  case red = "31"
  case green = "32"
  case yellow = "33"
  case cyan = "36"
  case dim = "2"
  case bold = "1"

  /// The text in this color; as it is if `isOn` is false or there is nothing to color.
  func callAsFunction(_ text: String, if isOn: Bool) -> String {
    isOn && !text.isEmpty ? "\u{1b}[\(rawValue)m\(text)\u{1b}[0m" : text
  }
}
