import Gating

/// Findings that say the same about many cells, one group per statement.
///
/// A run that stopped early lacks hundreds of numbers for one reason; a reader wants one line.
struct CellGroups: Sendable {
  struct Group: Sendable {
    /// `accuracy.final ↑`, `2 metrics`, or `all metrics` where the cells have no other finding.
    var metrics: String
    /// What the findings say.
    var message: String
    /// The cells, with whole rows and columns of the matrix collapsed.
    var cells: String
    var cellCount: Int
    var checkCount: Int
    /// The line of the first cell in the baseline file.
    var line: Int?
  }

  /// In the order of the first finding of each.
  var groups: [Group]

  /// Groups the findings with a verdict by message and metrics.
  init(_ report: GateReport, _ verdict: CheckVerdict) {
    let findings = report.findings.filter { $0.verdict == verdict }
    guard !findings.isEmpty else {
      groups = []
      return
    }
    let names = CellNames(report.findings)
    let totals = report.findings.reduce(into: [:]) { $0[$1.cell, default: 0] += 1 }
    let parts = Self.grouped(findings) { Part(cell: $0.cell, message: $0.message) }
    let groups = Self.grouped(parts.map(\.members)) { members in
      Statement(
        message: members[0].message, metrics: members.map(\.metric),
        isWhole: members.count > 1 && members.count == totals[members[0].cell])
    }
    self.groups = groups.map { statement, cells in
      let metrics =
        statement.isWhole
        ? "all metrics"
        : statement.metrics.count == 1
          ? cells[0][0].arrowedMetric : "\(statement.metrics.count) metrics"
      return Group(
        metrics: metrics, message: statement.message,
        cells: names.text(for: cells.map { $0[0] }), cellCount: cells.count,
        checkCount: cells.count * statement.metrics.count, line: cells[0][0].line)
    }
  }

  private struct Part: Hashable {
    var cell: String
    var message: String
  }

  private struct Statement: Hashable {
    var message: String
    var metrics: [String]
    var isWhole: Bool
  }

  /// The members by key, in the order of first appearance.
  private static func grouped<Member, Key: Hashable>(
    _ members: [Member], by key: (Member) -> Key
  ) -> [(key: Key, members: [Member])] {
    var places: [Key: Int] = [:]
    var groups: [(key: Key, members: [Member])] = []
    for member in members {
      let key = key(member)
      if let place = places[key] {
        groups[place].members.append(member)
      } else {
        places[key] = groups.count
        groups.append((key, [member]))
      }
    }
    return groups
  }
}
