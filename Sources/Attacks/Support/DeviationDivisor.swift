import Components

/// What the sum of squared differences is divided by in a standard deviation of h rows.
enum DeviationDivisor: String, CaseIterable, Sendable {
  /// By h.
  case population
  /// By h − 1; the deviation of one row is 0.
  case sample

  static let parameter = ParameterSpec(
    "deviation", .choice(allCases.map(\.rawValue)), default: .text("population"),
    help: "whether the standard deviation of h rows divides by h or, as sample, by h − 1")

  /// Reads the parameter `deviation`.
  init(_ arguments: Arguments) {
    self = arguments.word("deviation").flatMap(Self.init(rawValue:)) ?? .population
  }

  /// - Precondition: `count >= 1`
  func value(of count: Int) -> Double {
    Double(self == .population ? count : max(1, count - 1))
  }
}
