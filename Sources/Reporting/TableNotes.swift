import Gating
import Markup
import Results
import Studies

/// What stands below the tables of a block: reasons and the meaning of the marks.
struct TableNotes: Sendable {
  private let cells: TableCells
  private let scores: [Score]

  private var grid: TrialGrid { cells.grid }

  init(_ cells: TableCells, scores: [Score]) {
    self.cells = cells
    self.scores = scores
  }

  /// One line per note, wrapped at the width; empty if nothing needs a word.
  func text(width: Int) -> String {
    let notes = infeasible + failures + flagNotes + voids + absences + marks + implied
    let indent = notes.map { Printable.width($0.mark) }.max().map { $0 + 2 } ?? 0
    return notes.flatMap { note in
      Printable.wrapped(Printable.escaped(note.text), to: max(20, width - indent))
        .enumerated().map { index, line in
          Printable.padded(index == 0 ? note.mark : "", to: indent) + line + "\n"
        }
    }.joined()
  }

  private struct Note {
    var mark: String
    var text: String
  }

  private var infeasible: [Note] {
    let trials = grid.cells.flatMap { grid[$0] }.filter { $0.status == .notApplicable }
    return byReason(trials.map { ($0.message ?? "no reason given", $0) })
      .map { Note(mark: "n/a", text: "\($0.cells): \($0.reason)") }
  }

  /// One line per trial: each may have failed in another way.
  private var failures: [Note] {
    grid.cells.flatMap { grid[$0] }.compactMap { trial in
      let mark: String
      switch trial.status {
      case .error: mark = "fail"
      case .timeout: mark = "timeout"
      case .ok, .notApplicable: return nil
      }
      let message = trial.message.map { ": \($0)" } ?? ""
      return Note(
        mark: mark, text: "\(name(trial.cellID)) seed \(trial.seed)\(message)")
    }
  }

  /// One line per flag, and one for each share of the seeds that is no flag of the cell.
  private var flagNotes: [Note] {
    struct Line: Hashable {
      var flag: String
      var isMarked: Bool
      /// What only some seeds have is told seed by seed.
      var share: String?
    }
    var members: [Line: [(flag: CellFlag, cell: CellID)]] = [:]
    for cell in grid.cells {
      for flag in cells.flags[cell] ?? [] {
        let line = Line(
          flag: flag.id, isMarked: cells.marks(flag), share: flag.isRaised ? nil : flag.share)
        members[line, default: []].append((flag, cell))
      }
    }
    // Marked ones first, then by name.
    let lines = members.keys.sorted {
      ($0.isMarked ? 0 : 1, $0.flag, $0.share ?? "") < (
        $1.isMarked ? 0 : 1, $1.flag, $1.share ?? ""
      )
    }
    return lines.map { line in
      let found = members[line] ?? []
      let text =
        line.share.map { "\($0): \(named(found.map(\.cell), among: finished))" }
        ?? ": \(grouped(found))"
      return Note(
        mark: line.isMarked ? "!" : "flags",
        text: line.flag + (line.share == nil ? "" : " ") + text)
    }
  }

  /// The cells by the figures that a flag rests on; without these where there are too many to read,
  /// since the tables have the means.
  private func grouped(_ members: [(flag: CellFlag, cell: CellID)]) -> String {
    var order: [String] = []
    var found: [String: [CellID]] = [:]
    for (flag, cell) in members {
      let detail = [flag.detail, flag.share].filter { !$0.isEmpty }.joined(separator: ", ")
      if found[detail] == nil { order.append(detail) }
      found[detail, default: []].append(cell)
    }
    guard order.count <= Self.mostDetails else {
      return named(members.map(\.cell), among: finished)
    }
    return order.map { detail in
      named(found[detail] ?? [], among: finished) + (detail.isEmpty ? "" : " (\(detail))")
    }.joined(separator: "; ")
  }

  /// Where attack success is shown as void.
  private var voids: [Note] {
    let found = grid.cells.filter { cell in
      scores.contains { cells.summary(cell, $0.metric).outcome == .void }
    }
    guard !found.isEmpty else { return [] }
    return [
      Note(
        mark: "void",
        text: "the model is dead there, so attack success means nothing, whatever the number in the"
          + " files: \(named(found, among: finished))")
    ]
  }

  /// What nobody asked for.
  private var implied: [Note] {
    let found = grid.cells.filter(grid.isImplied)
    guard !found.isEmpty else { return [] }
    return [
      Note(
        mark: "ref",
        text: "not selected, run since the others are compared to it: \(named(found, among: ran))")
    ]
  }

  /// Reasons of the cells that show a dash: those where no finished trial has the score.
  private var absences: [Note] {
    scores.flatMap { score in
      let trials = grid.cells
        .filter { cells.summary($0, score.metric).outcome == .absent }
        .flatMap { grid[$0] }.filter { $0.status == .ok }
      return byReason(trials.map { ($0.absent[score.metric] ?? "no reason given", $0) })
        .map { Note(mark: "–", text: "\(score.metric): \($0.reason) (\($0.cells))") }
    }
  }

  private var marks: [Note] {
    let summaries = scores.flatMap { score in
      grid.cells.map { cells.summary($0, score.metric) }
    }
    var notes: [Note] = []
    if summaries.contains(where: { $0.halfInterval != nil }) {
      notes.append(Note(mark: "±", text: "half of the 95 % t interval of the mean over the seeds"))
    }
    let isCensored = summaries.contains {
      if case .value(_, _, _, true) = $0.outcome { true } else { false }
    }
    if isCensored {
      notes.append(Note(mark: "≥", text: "a lower bound: the run ended before the event"))
    }
    if summaries.contains(where: \.isPartial) {
      notes.append(Note(mark: "/k", text: "the mean of the k seeds that have a value"))
    }
    return notes
  }

  /// Groups trials by reason, in the order of first appearance.
  private func byReason(
    _ trials: [(reason: String, trial: TrialRecordV1)]
  ) -> [(reason: String, cells: String)] {
    var order: [String] = []
    var found: [String: Set<CellID>] = [:]
    for (reason, trial) in trials {
      if found[reason] == nil { order.append(reason) }
      found[reason, default: []].insert(trial.cellID)
    }
    return order.map { reason in
      let members = found[reason] ?? []
      let all = members.allSatisfy(isFinished) ? finished : ran
      return (reason, named(grid.cells.filter(members.contains), among: all))
    }
  }

  /// The name of a cell, with the axes that vary.
  private func name(_ cell: CellID) -> String {
    let axes = Self.text(cell, grid.namedAxes)
    return "\(cell.attack)/\(cell.defense)" + (axes.isEmpty ? "" : " \(axes)")
  }

  /// Cells with trials, and those of them in which one came to its end.
  private var ran: [CellID] { grid.cells.filter { !grid[$0].isEmpty } }
  private var finished: [CellID] { grid.cells.filter(isFinished) }

  private func isFinished(_ cell: CellID) -> Bool { grid[cell].contains { $0.status == .ok } }

  /// Values of some axes, such as `alpha=0.1 malicious=0.2`.
  private static func text(_ cell: CellID, _ axes: [(key: String, name: String)]) -> String {
    axes.compactMap { key, name in cell.axes[key].map { "\(name)=\($0)" } }.joined(separator: " ")
  }

  /// Names cells shortly: `*/krum` for a whole column, `none/*` for a whole attack, and with axes
  /// `*/* alpha=0.1` and `none/* alpha=0.1`.
  ///
  /// A cell that is none of `all` keeps no column together: one that did not run has no flags.
  private func named(_ cells: [CellID], among all: [CellID]) -> String {
    var left = Set(cells)
    if left.count == all.count, left.count > 1 { return "all cells" }
    var names: [String] = []
    func take(_ name: String, _ line: [CellID]) {
      guard line.count > 1, line.allSatisfy(left.contains) else { return }
      names.append(name)
      left.subtract(line)
    }
    func takeLines(_ key: (CellID) -> String) {
      let lines = Dictionary(grouping: all, by: key)
      var seen: Set<String> = []
      for cell in cells where seen.insert(key(cell)).inserted {
        take(key(cell), lines[key(cell)] ?? [])
      }
    }
    takeLines { "*/\($0.defense)" }
    takeLines { "\($0.attack)/*" }
    if !grid.axisKeys.isEmpty {
      takeLines { "\($0.attack)/\($0.defense)" }
      // One value of one axis, then of all.
      for axes in grid.namedAxes.map({ [$0] }) + [grid.namedAxes] {
        takeLines { "*/* \(Self.text($0, axes))" }
        takeLines { "*/\($0.defense) \(Self.text($0, axes))" }
        takeLines { "\($0.attack)/* \(Self.text($0, axes))" }
        takeLines { "\($0.attack)/\($0.defense) \(Self.text($0, axes))" }
      }
    }
    names += cells.filter { left.remove($0) != nil }.map(name)
    let shown = names.prefix(Self.mostNames).joined(separator: ", ")
    let hidden = names.count - Self.mostNames
    return hidden > 0 ? shown + " and \(hidden) more" : shown
  }

  private static let mostNames = 12
  private static let mostDetails = 3
}
