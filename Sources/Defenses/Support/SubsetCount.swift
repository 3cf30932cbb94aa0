import Components
import Federation

/// What rules that look for the best of all subsets of n − f rows have in common.
enum SubsetCount {
  /// The most subsets that are searched.
  static let limit = 10_000_000

  static let parameters = [
    ParameterSpec(
      "f", .integer(0...1_000_000), default: .plan(.declaredByzantine),
      help: "declared number of Byzantine submissions: how many rows to leave out"),
    ProofLimit.parameter,
  ]

  static let preconditions = ["n >= 2f + 1", "at most 10^7 subsets of n − f rows"]

  /// Reads f and refuses too many attackers, or too many subsets, of which it names the number.
  static func minority(
    _ arguments: Arguments, setup: DefenseSetup, component: ComponentID
  ) throws(ConfigurationError) -> DeclaredMinority {
    let minority = try DeclaredMinority(arguments, setup: setup, component: component)
    let (f, n) = (minority.f, setup.participantCount)
    let count = number(choosing: f, of: n)
    guard count.map({ $0 <= limit }) ?? false else {
      throw ConfigurationError(
        .infeasible(
          component: component,
          reason: """
            searches the subsets of n - f = \(n - f) of \(n) submissions, which are \
            \(count.map { "\($0)" } ?? "more than 10^18"), more than \(limit)
            """))
    }
    return minority
  }

  /// Returns the binomial coefficient, or `nil` above 10^18.
  static func number(choosing f: Int, of n: Int) -> Int? {
    var count = 1
    for i in 0..<f {
      let (product, isTooLarge) = count.multipliedReportingOverflow(by: n - i)
      // Every prefix of the product is itself a coefficient, so the division is exact.
      guard !isTooLarge, product / (i + 1) <= 1_000_000_000_000_000_000 else { return nil }
      count = product / (i + 1)
    }
    return count
  }
}
