import Gating
import Markup

/// What a reader needs to know about a claim: its verdict, given what was expected of it.
///
/// The cases are in the order of the reports.
enum ClaimStanding: Int, Comparable {
  case broken
  /// About the success of an attack on a dead model.
  case void
  case missing
  case inconclusive
  /// Recorded as one that does not hold, and it holds.
  case holdsAfterAll
  case knownToFail
  case holds

  init(_ claim: ClaimFinding) {
    self =
      switch claim.verdict {
      case .missing: .missing
      // Not to hold is what was expected, and a void claim does not.
      case .void: claim.isKnownToFail ? .knownToFail : .void
      case .holds: claim.isKnownToFail ? .holdsAfterAll : .holds
      case .broken: claim.isKnownToFail ? .knownToFail : .broken
      case .inconclusive: claim.isKnownToFail ? .knownToFail : .inconclusive
      }
  }

  static func < (lhs: ClaimStanding, rhs: ClaimStanding) -> Bool { lhs.rawValue < rhs.rawValue }

  /// The word in front of the claim.
  var word: String {
    switch self {
    case .broken: "broken"
    case .void: "void"
    case .missing: "missing"
    case .inconclusive: "inconclusive"
    case .holdsAfterAll: "holds after all"
    case .knownToFail: "known to fail"
    case .holds: "holds"
    }
  }

  /// The claims in the order of their standing, then of their file.
  static func sorted(_ claims: [ClaimFinding]) -> [(standing: ClaimStanding, claim: ClaimFinding)] {
    claims.enumerated().map { (ClaimStanding($0.element), $0.offset, $0.element) }
      .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
      .map { (standing: $0.0, claim: $0.2) }
  }
}

extension ClaimFinding {
  /// The bound, such as `<= 0.150`.
  var claimed: String { "\(relation.rawValue) \(Figure.text(bound))" }

  /// The confidence, such as `95 %` and `99.5 %`.
  var percent: String {
    let text = FixedPoint.text(confidence * 100, 1)
    return (text.hasSuffix(".0") ? String(text.dropLast(2)) : text) + " %"
  }
}
