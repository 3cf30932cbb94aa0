import Components
import Federation

/// A least number of rows that a proof needs, n ≥ a f + b, beside the one that the computation needs.
struct ProofLimit: Sendable {
  /// a and b.
  typealias Line = (slope: Int, offset: Int)

  static let parameter = ParameterSpec(
    "relax", .choice(["false", "true"]), default: .text("false"),
    help: """
      true: work with as few submissions as the computation allows, although the proof needs more; \
      results are then flagged outside-proof
      """)

  let isRelaxed: Bool
  /// Whether it works although the proof needs more rows.
  let isOutsideProof: Bool
  private let reason: String?

  /// Reads `relax`.
  init(
    _ arguments: Arguments, setup: DefenseSetup, of f: Int, proof: Line, computation: Line
  ) {
    let n = setup.participantCount
    isRelaxed = arguments.word("relax") == "true"
    let line = isRelaxed ? computation : proof
    let isTooSmall = n < line.slope * f + line.offset
    reason = isTooSmall ? Self.reason(line, f: f, participantCount: n) : nil
    isOutsideProof = !isTooSmall && n < proof.slope * f + proof.offset
  }

  /// Why n rows are too few; `nil` if they are not.
  func problem(_ component: ComponentID) -> ConfigurationError.Problem? {
    reason.map { .infeasible(component: component, reason: $0) }
  }

  static func reason(_ line: Line, f: Int, participantCount n: Int) -> String {
    let factor = line.slope == 1 ? "" : "\(line.slope)"
    return """
      needs n >= \(factor)f + \(line.offset) = \(line.slope * f + line.offset) submissions for \
      f = \(f), got \(n)
      """
  }
}
