import Gating

/// Short names for many cells: `*/krum (7 cells)` for a whole column of the matrix.
struct CellNames: Sendable {
  /// A set of cells that has a name of its own.
  private enum Line: Hashable {
    case everything
    case defense(String)
    case attack(String)
    case axes(String)
    case defenseAt(String, axes: String)
    case attackAt(String, axes: String)

    var name: String {
      switch self {
      case .everything: "all cells"
      case .defense(let id): "*/\(id)"
      case .attack(let id): "\(id)/*"
      case .axes(let axes): "*/* \(axes)"
      case .defenseAt(let id, let axes): "*/\(id) \(axes)"
      case .attackAt(let id, let axes): "\(id)/* \(axes)"
      }
    }
  }

  /// The cells of every line.
  private let members: [Line: Set<String>]

  /// Learns the matrix from all findings of a report.
  init(_ findings: [Finding]) {
    var members: [Line: Set<String>] = [:]
    var seen: Set<String> = []
    for finding in findings where seen.insert(finding.cell).inserted {
      for line in Self.lines(of: finding) { members[line, default: []].insert(finding.cell) }
    }
    self.members = members
  }

  /// The names of the cells of some findings, each once, at most eight and then a count.
  func text(for findings: [Finding]) -> String {
    var left = Set(findings.map(\.cell))
    var names: [(text: String, cellCount: Int)] = []
    // From the largest sets to the smallest, so that no name hides in a larger one.
    for level in 0..<6 {
      var seen: Set<Line> = []
      for finding in findings where left.contains(finding.cell) {
        let line = Self.lines(of: finding)[level]
        guard seen.insert(line).inserted, let cells = members[line], cells.count > 1,
          cells.isSubset(of: left)
        else { continue }
        names.append(("\(line.name) (\(cells.count) cells)", cells.count))
        left.subtract(cells)
      }
    }
    for finding in findings where left.remove(finding.cell) != nil {
      names.append((finding.cell, 1))
    }
    let shown = names.prefix(Self.mostNames).map(\.text).joined(separator: ", ")
    let hidden = names.dropFirst(Self.mostNames).reduce(0) { $0 + $1.cellCount }
    return hidden > 0 ? "\(shown) and \(counted(hidden, "more cell"))" : shown
  }

  private static func lines(of finding: Finding) -> [Line] {
    let axes = finding.axesText
    return [
      .everything, .defense(finding.defense), .attack(finding.attack), .axes(axes),
      .defenseAt(finding.defense, axes: axes), .attackAt(finding.attack, axes: axes),
    ]
  }

  private static let mostNames = 8
}
