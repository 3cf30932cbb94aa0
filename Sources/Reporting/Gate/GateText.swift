public import Gating
import Markup

/// What a terminal shows of a gate.
public struct GateText: Sendable {
  public var report: GateReport
  /// How the gate ends.
  public var outcome: GateOutcome
  /// Columns at which lines wrap; names are never cut, so that a longer one exceeds it.
  public var width: Int
  public var color: Bool
  /// Whether checks that passed are listed too, and no list is cut short.
  public var isVerbose: Bool

  /// Prepares the text of a report.
  ///
  /// Without an outcome the gate ends as the report says by itself, without options of a command.
  public init(
    _ report: GateReport, outcome: GateOutcome? = nil, width: Int = 100, color: Bool = false,
    isVerbose: Bool = false
  ) {
    self.report = report
    self.outcome = outcome ?? report.outcome()
    self.width = width
    self.color = color
    self.isVerbose = isVerbose
  }

  /// The outcome in one line without a line feed, for a run that ends with a gate.
  ///
  /// Such as `gate: passed, 378 of 378 checks identical to Baselines/core.json`.
  public var line: String { GateHeadline(report, outcome).line }

  /// A headline, what needs a look with the worst first, claims, warnings, and what the gate could
  /// see.
  ///
  /// Within a verdict, findings go by how many tolerances they are worse; missing and incomparable
  /// ones are collapsed to whole rows and columns of the matrix. A list ends after 40 findings
  /// with a count of the others. Control characters in names are spelled out.
  public var text: String {
    let headline = Phrases.wrapped(GateHeadline(report, outcome).text, to: width)
      .map { Paint.bold(outcomePaint($0, if: color), if: color) + "\n" }.joined()
    var sections = GateRanking.notable.map(section)
    sections.append(claims)
    sections.append(remarks)
    if isVerbose { sections += [section(.pass), section(.identical)] }
    sections.append(visibility)
    return ([headline] + sections.filter { !$0.isEmpty }).joined(separator: "\n")
  }

  /// Where to go from numbers that changed, such as `to accept changes that are meant: …`; `nil` if
  /// none did, or there is no baseline.
  public var hint: String? {
    guard let baseline = report.baselinePath,
      report.count(.regression) + report.count(.improved) > 0
    else { return nil }
    return "to accept changes that are meant: gauntlet baseline review --from "
      + "\(ShellWord.quoted(report.resultsPath)) --baseline \(ShellWord.quoted(baseline))"
  }

  private var outcomePaint: Paint {
    switch outcome {
    case .passed: .green
    case .regressed, .incomplete: .red
    case .uncertain, .improved: .yellow
    }
  }

  /// A titled list; empty if there is nothing to list.
  func list(_ title: String, _ rows: [AlignedRows.Row]) -> String {
    guard !rows.isEmpty else { return "" }
    let shown = isVerbose ? rows : Array(rows.prefix(Self.mostRows))
    var text = titled(title)
    text += AlignedRows(shown).text(width: width, color: color)
    let hidden = rows.count - shown.count
    if hidden > 0 { text += "  and \(hidden) more (-v lists them)\n" }
    return text
  }

  /// A title in bold.
  func titled(_ title: String) -> String {
    Printable.wrapped(title, to: width).map { Paint.bold($0, if: color) + "\n" }.joined()
  }

  private static let mostRows = 40
}
