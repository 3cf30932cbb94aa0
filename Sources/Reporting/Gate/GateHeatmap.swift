import Gating
import Markup
import Studies

/// One metric of all cells as colored squares, attacks across and defenses down.
struct GateHeatmap: Sendable {
  var metric: String
  var title: String
  var better: Finding.Direction
  /// The bounds of 🟩, 🟨 and 🟧, each inclusive; beyond the last is 🟥.
  var bounds: [Double]

  /// The maps of a step summary.
  static let all: [GateHeatmap] = [
    .init(
      metric: "accuracy.final", title: "Accuracy (final), all cells", better: .higher,
      bounds: Score.highBounds),
    .init(
      metric: "asr.final", title: "Attack success rate (final), all cells", better: .lower,
      bounds: Score.lowBounds),
  ]

  /// A section that opens on a click; without rows if no finding has the metric.
  ///
  /// One table per combination of axes, in the order of the findings; a cell shows the number of
  /// the results, ❗ where it is a regression, ⬜ where there is none, and ⬛ where it is void.
  func section(_ findings: [Finding]) -> MarkdownSection {
    let own = findings.filter { $0.metric == metric }
    var places: [String: Int] = [:]
    var tables: [[Finding]] = []
    for finding in own {
      let axes = finding.axesText
      if let place = places[axes] {
        tables[place].append(finding)
      } else {
        places[axes] = tables.count
        tables.append([finding])
      }
    }
    return MarkdownSection(
      ["<details><summary>\(title)</summary>", ""], rows: tables.map { table($0) + "\n" },
      tail: [legend, "", "</details>"], noun: "table")
  }

  private func table(_ findings: [Finding]) -> String {
    let attacks = Self.distinct(findings.map(\.attack))
    let defenses = Self.distinct(findings.map(\.defense))
    let cells = Dictionary(findings.map { (Pair(attack: $0.attack, defense: $0.defense), $0) }) {
      first, _ in first
    }
    let axes = findings[0].axesText
    var lines = axes.isEmpty ? [] : [MarkdownText.code(axes), ""]
    lines += MarkdownText.header([""] + attacks.map(MarkdownText.code))
    lines += defenses.map { defense in
      MarkdownText.row(
        ["**\(MarkdownText.plain(defense))**"]
          + attacks.map { cells[Pair(attack: $0, defense: defense)].map(square) ?? "" })
    }
    return lines.joined(separator: "\n")
  }

  private struct Pair: Hashable {
    var attack: String
    var defense: String
  }

  private func square(_ finding: Finding) -> String {
    let mark = finding.verdict == .regression ? " ❗" : ""
    guard let value = finding.current, value.isFinite else { return "⬜\(mark)" }
    // Neither red nor green: nobody defended, and nobody succeeded.
    if finding.voidReason != nil { return "⬛ void\(mark)" }
    return "\(square(value)) \(FixedPoint.text(value, 2))\(mark)"
  }

  /// The color of a finite value, rounded as it is shown beside the square.
  func square(_ value: Double) -> String {
    let shown = (value * 100).rounded() / 100
    let place = bounds.firstIndex { better == .lower ? shown <= $0 : shown >= $0 }
    return Self.squares[place ?? Self.squares.count - 1]
  }

  private var legend: String {
    let sign = better == .lower ? "≤" : "≥"
    let steps = zip(Self.squares, bounds).map { "\($0) \(sign) \(FixedPoint.text($1, 2))" }
    let void = VoidFigures.isAboutSuccess(metric) ? ["⬛ void: a dead model"] : []
    return
      (steps + ["🟥 \(better == .lower ? "above" : "below")"] + void
      + ["⬜ no number", "❗ regression"])
      .joined(separator: " · ")
  }

  private static func distinct(_ names: [String]) -> [String] {
    var seen: Set<String> = []
    return names.filter { seen.insert($0).inserted }
  }

  private static let squares = ["🟩", "🟨", "🟧", "🟥"]
}
