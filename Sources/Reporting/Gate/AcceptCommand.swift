import Gating
import Markup

/// The commands that take the results of some findings into the baseline.
struct AcceptCommand: Sendable {
  /// One command per line; empty if there is nothing to accept or no baseline.
  var lines: [String]
  /// Findings that the commands leave out: their names cannot stand in a selection, or there are
  /// more than ten commands.
  var leftOutCount: Int

  /// Selects exactly the cells of the findings, never a neighbor that happens to be in the same
  /// row and the same column.
  init(_ findings: [Finding], _ report: GateReport) {
    lines = []
    leftOutCount = 0
    guard let baseline = report.baselinePath, !findings.isEmpty else { return }
    let blocks = Self.blocks(of: findings.filter(Self.isSelectable))
    leftOutCount = Set(findings.map(\.cell)).count
    for block in blocks.prefix(Self.mostCommands) {
      let line =
        "gauntlet baseline accept --from \(ShellWord.quoted(report.resultsPath))"
        + " --baseline \(ShellWord.quoted(baseline)) --only \(ShellWord.quoted(block.selection))"
        + " --reason '…'"
      guard line.utf8.count <= Self.mostBytes else { continue }
      lines.append(line)
      leftOutCount -= block.attacks.count * block.defenses.count
    }
  }

  /// Cells of a rectangle of the matrix.
  private struct Block {
    var attacks: [String]
    var defenses: [String]
    var axes: [(key: String, value: String)]

    var selection: String {
      let terms =
        [("attack", attacks.joined(separator: ",")), ("defense", defenses.joined(separator: ","))]
        + axes.map { ($0.key, $0.value) }
      return terms.map { "\($0)=\($1)" }.joined(separator: " ")
    }
  }

  /// Splits the cells into rectangles: defenses of the same axes with the same attacks.
  private static func blocks(of findings: [Finding]) -> [Block] {
    var columns: [Block] = []
    var places: [[String]: Int] = [:]
    var seen: Set<String> = []
    for finding in findings where seen.insert(finding.cell).inserted {
      let key = [finding.axesText, finding.defense]
      if let place = places[key] {
        columns[place].attacks.append(finding.attack)
      } else {
        places[key] = columns.count
        columns.append(
          Block(
            attacks: [finding.attack], defenses: [finding.defense],
            axes: finding.axes.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) }))
      }
    }
    var blocks: [Block] = []
    places = [:]
    for column in columns {
      let attacks = column.attacks.sorted()
      let key = column.axes.map { "\($0.key)=\($0.value)" } + ["attacks"] + attacks
      if let place = places[key] {
        blocks[place].defenses += column.defenses
      } else {
        places[key] = blocks.count
        blocks.append(column)
      }
    }
    return blocks
  }

  /// Whether a selection can name the cell and no other.
  private static func isSelectable(_ finding: Finding) -> Bool {
    let names = [finding.attack, finding.defense] + finding.axes.flatMap { [$0.key, $0.value] }
    return names.allSatisfy { name in
      !name.isEmpty && Printable.escaped(name) == name
        && !name.contains { $0.isWhitespace || "!<>=,*".contains($0) }
    }
  }

  private static let mostCommands = 10
  private static let mostBytes = 8 * 1024
}
