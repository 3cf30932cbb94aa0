import Gating
import Results
import Studies

/// What each defense keeps under the attack that it stands worst, for all attacks and per threat tier.
struct WorstCaseTable {
  private let study: Study

  init(_ study: Study) { self.study = study }

  /// All attacks first, then tiers, weakest first, each ranked for itself; `nil` without an attack.
  func table() -> DataTable? {
    let cases = study.worstCases()
    guard !cases.isEmpty else { return nil }
    let places = Dictionary(study.facts.tiers.map(\.id).enumerated().map { ($1, $0) }) { a, _ in a }
    // Stable: within a tier the order of the defenses stays.
    let sorted = cases.enumerated().sorted { lhs, rhs in
      let left = lhs.element.tier.map { places[$0] ?? 0 } ?? -1
      let right = rhs.element.tier.map { places[$0] ?? 0 } ?? -1
      return (left, lhs.offset) < (right, rhs.offset)
    }.map(\.element)
    return DataTable(
      id: "worst-case", title: "The worst case over attacks, per defense and threat tier",
      caption: StudyCaption(study).text(
        [
          "The lowest mean accuracy and the highest mean attack success rate (ASR) that any attack"
            + " leaves at the end of its window, with the attack that does it; never a mean over"
            + " attacks. A tier takes in the weaker ones. The ASR may be of another attack than the"
            + " accuracy. Where some attack left a dead model, its ASR is void and the worst ASR is only a"
            + " lower bound, marked ≥."
        ] + Self.notes(cases) + [StudyCaption.estimates]),
      columns: [.init("tier", "attackers"), .init("defense", "defense")] + study.axisColumns + [
        .init("clean", "accuracy without an attack", better: .higher),
        .init("accuracy", "worst accuracy", better: .higher, ranksRows: true),
        .init("accuracy_attack", "under"),
        .init("asr", "worst ASR", better: .lower, ranksRows: true), .init("asr_attack", "under"),
        .init("attacks", "attacks"), .init("missing", "attacks without a number"),
        .init("void", "attacks with a void ASR"),
      ],
      rows: sorted.map(row))
  }

  /// What has to be said of some of the cases.
  static func notes(_ cases: [WorstCase]) -> [String] {
    cases.contains { $0.accuracyMetric == "accuracy.final" } ? [StudyCaption.emptyWindow] : []
  }

  private func row(_ worst: WorstCase) -> DataTable.Row {
    let tier = worst.tier ?? "all"
    let axes = study.grid.axisKeys.map { worst.axes[$0] ?? "" }
    let missing = worst.missing.isEmpty ? "" : worst.missing.joined(separator: ", ")
    return DataTable.Row(
      [.text(tier), .text(worst.defense)] + axes.map { .text($0) } + [
        worst.clean.map { DataTable.Value($0, decimals: 3) }
          ?? .missing("not run", reason: "there is no trial without an attack"),
        value(worst.accuracy, worst), attack(worst.accuracy),
        success(worst), attack(worst.success), .integer(worst.attacks.count),
        .text(missing), .text(worst.void.joined(separator: ", ")),
      ], group: ([tier] + axes).joined(separator: "\n"))
  }

  private func value(_ extreme: WorstCase.Extreme?, _ worst: WorstCase) -> DataTable.Value {
    extreme.map { extreme in
      let flags = study.flags(of: extreme.cell)
      return DataTable.Value(
        extreme.summary, decimals: 3,
        isFlagged: flags.contains { $0.isRaised && StudyTables.markedFlags.contains($0.id) })
    } ?? .missing("–", reason: worst.gaps.first?.reason ?? "no attack has a number")
  }

  /// A dead model's success is void, so that the worst of the others is only a lower bound.
  private func success(_ worst: WorstCase) -> DataTable.Value {
    guard !worst.void.isEmpty else { return value(worst.success, worst) }
    guard
      case .estimate(let mean, let half, let decimals, _, let mark) = value(worst.success, worst)
    else { return .missing("void", reason: "the model is dead under every attack") }
    return .estimate(mean: mean, half: half, decimals: decimals, isLowerBound: true, mark: mark)
  }

  /// The attack, with the values of its own parameters where the study varies them.
  private func attack(_ extreme: WorstCase.Extreme?) -> DataTable.Value {
    guard let extreme else { return .text("") }
    let own = study.grid.namedAxes.filter { $0.key.hasPrefix("attacks.\(extreme.attack).") }
      .compactMap { axis in extreme.cell.axes[axis.key].map { "\(axis.name)=\($0)" } }
    return .text(([extreme.attack] + own).joined(separator: " "))
  }
}
