import Gating
import Results

extension Study {
  /// The worst cases: defense by defense, for each combination of axes each tier that some attack of
  /// the study has, weakest first, and last all attacks; none in a study without an attack.
  ///
  /// Attack success is looked at under every attack, since every trial measures its backdoor, if only
  /// the one of the scenario; under an attack that has none it is the base rate, which no maximum
  /// minds. Trials that ran for others' sake are like any other. An attack that meets no defense in
  /// the combination, such as one of another data set, is no part of its worst case and not missing.
  ///
  /// - Complexity: O(trials + cells x tiers).
  public func worstCases() -> [WorstCase] {
    let attacks = attacks
    guard !attacks.isEmpty else { return [] }
    let table = SummaryTable(self, metrics: ["accuracy.stop", "accuracy.final", "asr.stop"])
    let places = Dictionary(
      facts.tiers.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
    let ranked = attacks.map { (attack: $0, place: tier(ofAttack: $0).flatMap { places[$0] }) }
    let used = Set(ranked.compactMap(\.place)).sorted()
    let tiers: [(id: String?, attacks: [String])] =
      used.map { place in
        (
          facts.tiers[place].id,
          ranked.filter { $0.place.map { $0 <= place } ?? false }.map(\.attack)
        )
      } + [(nil, attacks)]
    let combined = Set(grid.cells.filter { !grid[$0].isEmpty }.map(AttackCombination.init))
    return DefenseColumn.all(in: grid).flatMap { column in
      let own = attacks.filter { combined.contains(AttackCombination($0, column.axes)) }
      let standing = AttackedColumn(self, column, own, table)
      return tiers.map { standing.worst(tier: $0.id, of: $0.attacks) }
    }
  }

  /// What defenses are compared by: `accuracy.stop`, at the end of the attack window; where no cell
  /// under attack has it, because every window is empty, `accuracy.final`, after the last round.
  ///
  /// - Complexity: O(trials).
  public var accuracyMetric: String {
    let attacked = grid.cells.filter { !references.clean.contains($0.attack) }
    func isMeasured(_ metric: String) -> Bool {
      attacked.contains { summary($0, metric).mean != nil }
    }
    return !isMeasured("accuracy.stop") && isMeasured("accuracy.final")
      ? "accuracy.final" : "accuracy.stop"
  }

  /// Why a cell has no number for a metric, in words.
  func reason(_ cell: CellID, _ metric: String, _ outcome: CellSummary.Outcome) -> String {
    let trials = grid[cell]
    func message(_ status: TrialStatus) -> String? {
      trials.lazy.filter { $0.status == status }.compactMap(\.message).first { !$0.isEmpty }
    }
    switch outcome {
    case .value: return ""
    case .void: return reliability.voidReason(metric, of: cell) ?? "void: the model is dead"
    case .absent:
      return trials.lazy.compactMap { $0.absent[metric] }.first ?? "no seed has a value"
    case .notApplicable: return message(.notApplicable) ?? "not applicable"
    case .failed: return message(.error).map { "failed: \($0)" } ?? "failed"
    case .timedOut: return message(.timeout).map { "timed out: \($0)" } ?? "timed out"
    case .notRun: return "not run"
    }
  }
}

/// An attack in a combination of axes, but for those of defenses' and attacks' own parameters.
private struct AttackCombination: Hashable {
  let attack: String
  let axes: [String: String]

  init(_ attack: String, _ axes: [String: String]) {
    self.attack = attack
    self.axes = axes.withoutAttackParameters.withoutDefenseParameters
  }

  init(_ cell: CellID) { self.init(cell.attack, cell.axes) }
}

/// What a defense in one combination of axes measured under each attack.
private struct AttackedColumn {
  private let column: DefenseColumn
  private let metric: String
  private let clean: CellSummary?
  /// By attack, each cell with its accuracy and attack success.
  private let cells: [String: [(accuracy: WorstCase.Extreme, success: WorstCase.Extreme)]]
  private let gaps: [String: [WorstCase.Gap]]

  init(_ study: Study, _ column: DefenseColumn, _ attacks: [String], _ table: SummaryTable) {
    self.column = column
    let own = attacks.flatMap { column.cells[$0] ?? [] }
    let hasWindow =
      own.contains { table[$0, "accuracy.stop"].mean != nil }
      || !own.contains { table[$0, "accuracy.final"].mean != nil }
    let metric = hasWindow ? "accuracy.stop" : "accuracy.final"
    self.metric = metric
    let reference = CellID(attack: "", defense: column.defense, axes: column.axes)
    clean = study.twin(of: reference).map { table[$0, metric] }
    var cells: [String: [(WorstCase.Extreme, WorstCase.Extreme)]] = [:]
    var gaps: [String: [WorstCase.Gap]] = [:]
    for attack in attacks {
      let known = column.cells[attack] ?? []
      // An attack on other defenses in this combination was not run on this one.
      let all =
        known.isEmpty
        ? [CellID(attack: attack, defense: column.defense, axes: column.axes)] : known
      for cell in all {
        let summary = table[cell, metric]
        if summary.mean == nil {
          gaps[attack, default: []].append(
            WorstCase.Gap(
              attack: attack, cell: cell, outcome: summary.outcome,
              reason: study.reason(cell, metric, summary.outcome)))
        }
        cells[attack, default: []].append(
          (
            WorstCase.Extreme(attack: attack, cell: cell, summary: summary),
            WorstCase.Extreme(attack: attack, cell: cell, summary: table[cell, "asr.stop"])
          ))
      }
    }
    self.cells = cells
    self.gaps = gaps
  }

  func worst(tier: String?, of attacks: [String]) -> WorstCase {
    var worst = WorstCase(
      defense: column.defense, axes: column.axes, tier: tier, accuracyMetric: metric, clean: clean)
    for attack in attacks {
      guard let variants = cells[attack] else { continue }
      for variant in variants {
        if let mean = variant.accuracy.summary.mean,
          worst.accuracy?.summary.mean.map({ mean < $0 }) ?? true
        {
          worst.accuracy = variant.accuracy
        }
        if let mean = variant.success.summary.mean,
          worst.success?.summary.mean.map({ mean > $0 }) ?? true
        {
          worst.success = variant.success
        }
      }
      if variants.contains(where: { $0.accuracy.summary.mean != nil }) {
        worst.attacks.append(attack)
      } else {
        worst.missing.append(attack)
      }
      worst.gaps += gaps[attack] ?? []
      if variants.contains(where: { $0.success.summary.outcome == .void }) {
        worst.void.append(attack)
      }
    }
    return worst
  }
}
