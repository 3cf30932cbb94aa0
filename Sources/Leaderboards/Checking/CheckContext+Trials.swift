import Diagnostics
import Results

extension CheckContext {
  /// The figures that every finished trial of a cell has: those at the end of the window where the
  /// scenario has one, and attack success where it has a backdoor.
  private func neededFigures() -> [CellID: [String]] {
    var needed: [CellID: [String]] = [:]
    for setting in results.settings {
      var figures = Self.alwaysNeeded
      if setting.hasWindow { figures.append("accuracy.stop") }
      if setting.hasWindow, setting.hasBackdoor { figures.append("asr.stop") }
      for cell in setting.cells(of: entry.defense) { needed[cell] = figures }
    }
    return needed
  }

  private static let alwaysNeeded = ["accuracy.final", "accuracy.chance"]

  /// S003, S012, S014.
  func trials(ranges: MetricRanges) -> [EntryFinding] {
    var illegal: [EntryFinding] = []
    var keys: [EntryFinding] = []
    var figures: [EntryFinding] = []
    let needed = neededFigures()
    for (number, record) in lines {
      for case (let id, let value?) in record.metrics.sorted(by: { $0.key < $1.key }) {
        guard let problem = ranges.problem(id, value) else { continue }
        illegal.append(
          EntryFinding(
            .ranges, file: trialsPath, place: "\(number)", "\(excerpt(record.cell)): \(problem)"))
      }
      if let planned = results.plan?.keys {
        let key = planned[TrialPlace(record)]
        if key != record.key {
          keys.append(
            EntryFinding(
              .keys, file: trialsPath, place: "\(number)",
              "\(excerpt(record.cell)), seed \(record.seed): "
                + (key == nil
                  ? "the scenario has no such trial"
                  : "the key is \(record.key.prefix(12))…, and the scenario makes "
                    + "\(key?.prefix(12) ?? "")…")))
        }
      }
      guard record.status == .ok else { continue }
      let missing = (needed[record.cellID] ?? Self.alwaysNeeded)
        .filter { (record.metrics[$0] ?? nil) == nil }
      if record.parametersSHA256 == nil || !missing.isEmpty {
        figures.append(
          EntryFinding(
            .figures, file: trialsPath, place: "\(number)",
            "\(excerpt(record.cell)), seed \(record.seed): lacks "
              + names((record.parametersSHA256 == nil ? ["parameters_sha256"] : []) + missing)))
      }
    }
    if results.plan == nil {
      keys.append(
        EntryFinding(
          .keys, file: UserPath.joined(results.folder, Entry.scenarioName), severity: .warning,
          "the keys cannot be computed again, so the entry stays self-reported: "
            + excerpt(results.planningProblem)))
    }
    return limited(illegal) + limited(keys) + limited(figures)
  }
}
