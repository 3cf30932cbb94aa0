import Gating

extension GateText {
  /// One row per claim, broken ones first.
  var claims: String {
    let rows = ClaimStanding.sorted(report.claims).map { standing, claim in
      var message = "\(claim.subject) \(claim.metric): \(claim.message)"
      if let source = claim.source { message += " (\(source))" }
      return AlignedRows.Row(
        fields: [standing.word, claim.claim], message: message, paint: Self.paint(standing))
    }
    guard !rows.isEmpty else { return "" }
    return titled("claims") + AlignedRows(rows).text(width: width, color: color)
  }

  /// Warnings, notes, and the cells that the baseline lacks.
  var remarks: String {
    var rows = report.warnings.map {
      AlignedRows.Row(fields: ["warning"], message: $0, paint: .yellow)
    }
    rows += report.notes.map { AlignedRows.Row(fields: ["note"], message: $0, paint: .cyan) }
    if !report.extraCells.isEmpty {
      rows.append(.init(fields: ["extra"], message: report.extraCellsText, paint: .cyan))
    }
    return AlignedRows(rows).text(width: width, color: color)
  }

  /// The smallest change that each metric's checks could have seen.
  var visibility: String {
    guard !report.visibility.isEmpty else { return "" }
    // Where nothing varied, the table would repeat the tolerances.
    guard isVerbose || report.visibility.contains(where: { $0.largest > $0.tolerance }) else {
      return "any worsening beyond its tolerance would have been called a regression\n"
    }
    let header = ["metric", "tolerance", "median", "largest"]
    let rows = report.visibility.map {
      [$0.metric, Figure.text($0.tolerance), Figure.text($0.median), Figure.text($0.largest)]
    }
    let messages = [""] + report.visibility.map { $0.blindText ?? "" }
    let title = "the smallest worsening that would have been called a regression"
    return titled(title)
      + AlignedRows(
        zip([header] + rows, messages).map {
          .init(fields: $0, message: $1, paint: $1.isEmpty ? nil : .yellow)
        }
      ).text(width: width, color: color)
  }

  private static func paint(_ standing: ClaimStanding) -> Paint {
    switch standing {
    case .broken, .void, .missing: .red
    case .inconclusive: .yellow
    case .holdsAfterAll: .cyan
    case .knownToFail: .dim
    case .holds: .green
    }
  }
}

extension GateReport {
  /// How many cells the baseline lacks, and the first five; empty if it has all.
  var extraCellsText: String {
    guard !extraCells.isEmpty else { return "" }
    let shown = extraCells.prefix(5).joined(separator: ", ")
    let hidden = extraCells.count - 5
    let cells = counted(extraCells.count, "cell")
    return "\(cells) of the results \(extraCells.count == 1 ? "is" : "are") not in the baseline: "
      + shown + (hidden > 0 ? " and \(hidden) more" : "")
  }
}

extension GateReport.Visibility {
  /// Where the gate was blind; `nil` if it saw everywhere.
  var blindText: String? {
    guard blindCount > 0 else { return nil }
    return "twice the tolerance would go unseen in \(blindCount) of "
      + "\(counted(checkCount, "cell")) (worst: \(largestCell))"
  }
}
