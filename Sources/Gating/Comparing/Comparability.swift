import Results

/// Whether results and a baseline are measurements of the same thing.
struct Comparability {
  /// What holds for every cell.
  let wholeReason: String?
  private let before: [[String: String]: Setting]
  private let after: [[String: String]: Setting]
  /// Defenses whose parameters differ: what is under test may change, and a reader should know.
  let notes: [String]

  init(_ results: ResultSet, _ origin: BaselineV1.Origin) {
    let after = Setting.all(in: results.resolved)
    self.after = Dictionary(after.map { ($0.axes, $0) }) { first, _ in first }
    before = Dictionary(origin.settings.map { ($0.axes, $0) }) { first, _ in first }
    wholeReason = Self.wholeReason(results, origin)
    notes = Self.notes(before, after)
  }

  /// Why a cell cannot be compared; `nil` if it can.
  func reason(for cell: BaselineV1.Cell) -> String? {
    if let wholeReason { return wholeReason }
    // Without its combination in the results the cell is missing, not different.
    guard let now = after[cell.axes] else { return nil }
    guard let then = before[cell.axes] else {
      return "the baseline does not say how it was measured"
    }
    if !Setting.isSame(then.scenario, now.scenario) {
      return "another setting: \(Setting.differences(then.scenario, now.scenario))"
    }
    let (attack, other) = (then.attacks[cell.attack], now.attacks[cell.attack])
    guard let attack, let other, !Setting.isSame(attack, other) else { return nil }
    return "another attack '\(cell.attack)': \(Setting.differences(attack, other))"
  }

  private static func wholeReason(_ results: ResultSet, _ origin: BaselineV1.Origin) -> String? {
    if results.engine != origin.engine {
      return "the baseline is of engine \(origin.engine), the results are of engine "
        + "\(results.engine): numbers of different engines do not compare"
    }
    if let stray = results.records.first(where: { $0.engine != results.engine }) {
      return "the results mix engines: \(stray.cell), seed \(stray.seed), is of engine "
        + "\(stray.engine)"
    }
    let (before, after) = (Set(origin.data.map(\.sha256)), Set(results.data.map(\.sha256)))
    guard before != after else { return nil }
    func names(_ data: [RunManifestV1.Data]) -> String {
      data.isEmpty
        ? "none" : data.map { "\($0.name) \($0.sha256.prefix(12))" }.joined(separator: ", ")
    }
    return "other data: \(names(origin.data)) then, \(names(results.data)) now"
  }

  private static func notes(
    _ before: [[String: String]: Setting], _ after: [Setting]
  ) -> [String] {
    var notes: [String] = []
    for now in after {
      guard let then = before[now.axes] else { continue }
      for (id, new) in now.defenses.sorted(by: { $0.key < $1.key }) {
        guard let old = then.defenses[id], !Setting.isSame(old, new) else { continue }
        let note = "the defense '\(id)' was changed: \(Setting.differences(old, new))"
        if !notes.contains(note) { notes.append(note) }
      }
    }
    return notes
  }
}
