import Results
import Studies

/// How a score goes with the values of the axes of the matrix.
struct SweepTable {
  private let study: Study
  private let score: Score

  init(_ study: Study, _ score: Score) {
    self.study = study
    self.score = score
  }

  /// One row per point of a curve; `nil` for a study that varies nothing.
  func table() -> DataTable? {
    let sweeps = study.sweeps(of: score.metric)
    let rows = sweeps.flatMap { sweep in sweep.panels.flatMap { self.rows(sweep, $0) } }
    guard !rows.isEmpty else { return nil }
    return DataTable(
      id: CellAnchors.slug("sweep-\(score.metric)"), title: "Along the axes: \(score.title)",
      caption: StudyCaption(study).text([
        "One axis varies, the others are held. 'worst case' is at each value the attack that is worst"
          + " there, which stands under 'worst attack'. \(SweepFigures.worstNote)",
        StudyCaption.estimates,
      ]),
      columns: [
        .init("axis", "axis"), .init("value", "value"), .init("defense", "defense"),
        .init("attack", "attack"), .init("held", "others held at"),
        .init("score", score.metric, better: score.better), .init("worst", "worst attack"),
        .init("worst_of", "worst of"), .init("left_out", "attacks left out"),
      ], rows: rows)
  }

  private func rows(_ sweep: Sweep, _ panel: Sweep.Panel) -> [DataTable.Row] {
    let subject =
      switch panel.subject {
      case .attack(let attack): attack
      case .worstCase: "worst case"
      }
    return panel.lines.flatMap { line in
      let held = panel.axes.merging(line.axes) { first, _ in first }
        .filter { study.grid.axisKeys.contains($0.key) }.sorted { $0.key < $1.key }
        .map { "\($0.key)=\($0.value)" }.joined(separator: " ")
      return zip(sweep.values, line.points).enumerated().compactMap {
        index, point -> DataTable.Row? in
        guard let summary = point.1 else { return nil }
        let worst = line.worst.indices.contains(index) ? line.worst[index] : nil
        return DataTable.Row([
          .text(sweep.axis), .text(point.0), .text(line.defense), .text(subject), .text(held),
          DataTable.Value(summary, decimals: score.decimals), .text(worst?.attack ?? ""),
          worst.map { .integer($0.count) } ?? .text(""),
          worst.map { .integer($0.missingCount) } ?? .text(""),
        ])
      }
    }
  }
}
