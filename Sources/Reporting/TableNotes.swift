import Results

/// What stands below the tables of a block: reasons and the meaning of the marks.
struct TableNotes: Sendable {
  private let grid: TrialGrid
  private let scores: [Score]
  private let flags: CellFlags

  init(_ grid: TrialGrid, scores: [Score], flags: CellFlags) {
    self.grid = grid
    self.scores = scores
    self.flags = flags
  }

  /// One line per note, wrapped at the width; empty if nothing needs a word.
  func text(width: Int) -> String {
    let notes = infeasible + failures + flagNotes + absences + marks
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
        mark: mark, text: "\(trial.attack)/\(trial.defense) seed \(trial.seed)\(message)")
    }
  }

  private var flagNotes: [Note] {
    let common = flags.common.isEmpty ? [] : [flags.common.joined(separator: ", ")]
    return flags.particular.map {
      Note(mark: flags.marks($0.flag) ? "!" : "flags", text: "\($0.flag): \(named($0.cells))")
    }
      + common.map { Note(mark: "flags", text: "of all cells: \($0)") }
  }

  /// Reasons of the cells that show a dash: those where no finished trial has the score.
  private var absences: [Note] {
    scores.flatMap { score in
      let trials = grid.cells
        .filter { CellSummary(grid[$0], metric: score.metric).outcome == .absent }
        .flatMap { grid[$0] }.filter { $0.status == .ok }
      return byReason(trials.map { ($0.absent[score.metric] ?? "no reason given", $0) })
        .map { Note(mark: "–", text: "\(score.metric): \($0.reason) (\($0.cells))") }
    }
  }

  private var marks: [Note] {
    let summaries = scores.flatMap { score in
      grid.cells.map { CellSummary(grid[$0], metric: score.metric) }
    }
    var notes: [Note] = []
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
    var cells: [String: Set<TrialGrid.Cell>] = [:]
    for (reason, trial) in trials {
      if cells[reason] == nil { order.append(reason) }
      cells[reason, default: []].insert(.init(attack: trial.attack, defense: trial.defense))
    }
    return order.map { reason in
      let members = cells[reason] ?? []
      return (reason, named(grid.cells.filter(members.contains)))
    }
  }

  /// Names cells shortly: `*/krum` for a whole column, `none/*` for a whole row.
  private func named(_ cells: [TrialGrid.Cell]) -> String {
    var left = Set(cells)
    if left.count == grid.cells.count, left.count > 1 { return "all cells" }
    var names: [String] = []
    func take(_ name: String, _ line: [TrialGrid.Cell]) {
      guard line.count > 1, line.allSatisfy(left.contains) else { return }
      names.append(name)
      left.subtract(line)
    }
    for defense in grid.defenses {
      take("*/\(defense)", grid.attacks.map { .init(attack: $0, defense: defense) })
    }
    for attack in grid.attacks {
      take("\(attack)/*", grid.defenses.map { .init(attack: attack, defense: $0) })
    }
    names += cells.filter(left.contains).map { "\($0.attack)/\($0.defense)" }
    let shown = names.prefix(Self.mostNames).joined(separator: ", ")
    let hidden = names.count - Self.mostNames
    return hidden > 0 ? shown + " and \(hidden) more" : shown
  }

  private static let mostNames = 12
}
