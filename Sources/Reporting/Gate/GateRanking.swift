import Gating

/// Which findings a reader should see first.
enum GateRanking {
  /// Verdicts that need a look, in the order of the reports.
  static let notable: [CheckVerdict] = [
    .regression, .missing, .incomparable, .inconclusive, .improved,
  ]

  /// The findings by how many tolerances they are worse, the worst first.
  ///
  /// A finding without a number is worse than any with one: something broke. Without a tolerance
  /// the change itself counts. Ties, and numbers that are no order, stay in the order given.
  static func worstFirst(_ findings: [Finding]) -> [Finding] {
    ranked(findings) { $0.worsening ?? .infinity }
  }

  /// The findings by how many tolerances they are better, the best first.
  static func bestFirst(_ findings: [Finding]) -> [Finding] {
    ranked(findings) { -($0.worsening ?? .infinity) }
  }

  private static func ranked(_ findings: [Finding], by size: (Finding) -> Double) -> [Finding] {
    let keys = findings.map { finding in
      let size = size(finding)
      return (ratio: ordered(size / max(finding.tolerance, 0)), size: ordered(size))
    }
    return findings.indices.sorted { lhs, rhs in
      let (left, right) = (keys[lhs], keys[rhs])
      return (right.ratio, right.size, lhs) < (left.ratio, left.size, rhs)
    }.map { findings[$0] }
  }

  /// Not-a-number compares with nothing, and would make an order that is none.
  private static func ordered(_ value: Double) -> Double { value.isNaN ? 0 : value }
}
