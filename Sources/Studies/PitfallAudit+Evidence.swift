import Gating
import Results

/// The pitfalls that only results show.
extension PitfallAudit.Item {
  /// Attacks that a defense need not fear.
  static func attacks(_ study: Study) -> Self {
    let evidence = AttackEvidence(study)
    let attacks = study.attacks
    var parts = [attacks.isEmpty ? "no attack" : AuditWords.counted(attacks.count, "attack")]
    var missing: [String] = []
    if evidence.tieredCount == 0 {
      if !attacks.isEmpty { parts.append("what their attackers know is not told") }
    } else if let tier = study.facts.tiers.last?.id {
      parts.append("\(evidence.strongestCount) of the strongest tier (\(tier))")
      if evidence.strongestCount == 0 { missing.append("attacks of the tier \(tier)") }
    }
    if !attacks.isEmpty {
      parts.append(
        evidence.defenses.isEmpty
          ? "no defense but the plain mean"
          : "attacks rehearsed \(evidence.rehearsed.count) of "
            + AuditWords.counted(evidence.defenses.count, "defense"))
      if evidence.defenses.isEmpty {
        missing.append("defenses")
      } else if !evidence.isAdaptive {
        missing.append("an attack that rehearses every defense, such as opt-ipm (attacks)")
      }
      if evidence.hasReference {
        let unknown = attacks.count - evidence.judged.count
        if evidence.judged.isEmpty {
          parts.append("whether they hurt the plain mean is not known")
        } else {
          parts.append(
            "\(evidence.effective.count) of \(AuditWords.counted(attacks.count, "attack"))"
              + " \(evidence.effective.count == 1 ? "hurts" : "hurt") the plain mean"
              + (unknown == 0 ? "" : ", of \(unknown) it is not known"))
        }
        if evidence.effective.isEmpty {
          missing.append(
            unknown == 0
              ? "attackers enough to hurt the plain mean (threat.malicious)"
              : "each attack on the plain mean, with its clean twin (attacks: none)")
        }
      } else {
        parts.append("without the plain mean nothing tells whether they do harm")
        missing.append("the plain mean (defenses: mean)")
      }
    } else {
      missing = ["attacks"]
    }
    let isNaive = evidence.strongestCount == 0 && evidence.rehearsed.isEmpty
    let isHarmless =
      evidence.hasReference && evidence.effective.isEmpty && evidence.judged.count == attacks.count
    let verdict: PitfallAudit.Verdict =
      attacks.isEmpty || isNaive || isHarmless
      ? .lacks
      : missing.isEmpty ? .covered : .partly
    return Self(
      id: "attacks", title: "Attacks that are weak, or not made for the defense",
      verdict: verdict, found: parts.joined(separator: "; "),
      remedy: missing.isEmpty ? "" : "add " + missing.joined(separator: ", "),
      source: PitfallAudit.survey)
  }

  /// One accuracy for everybody.
  static func view(_ study: Study) -> Self {
    let metrics = study.measuredMetrics
    let hasClasses = metrics.contains { $0.hasPrefix("accuracy.class.") }
    let hasClients = metrics.contains { $0 == "fairness.worst-clients" || $0 == "fairness.gap" }
    let counts = study.grid.cells.map { cell in study.grid[cell].count { $0.status == .ok } }
      .filter { $0 > 0 }
    let seeds = counts.min() ?? 0
    var missing: [String] = []
    if !hasClasses { missing.append("accuracies of single classes (accuracy.class.*)") }
    if !hasClients { missing.append("those of the worst clients (fairness.worst-clients)") }
    if seeds < 5 { missing.append("five seeds or more (seeds)") }
    let found = [
      hasClasses ? "accuracy by class" : "no accuracy by class",
      hasClients ? "accuracy of the worst clients" : "no accuracy of single clients",
      counts.isEmpty
        ? "no finished trial" : (AuditWords.range(counts, "seed") ?? "") + " in a cell",
    ]
    return Self(
      id: "view", title: "One figure for all classes, clients and seeds",
      verdict: missing.isEmpty ? .covered : hasClasses || hasClients ? .partly : .lacks,
      found: found.joined(separator: "; "),
      remedy: missing.isEmpty ? "" : "add " + missing.joined(separator: ", "),
      source: PitfallAudit.survey)
  }
}

/// What the trials say about the attacks.
private struct AttackEvidence {
  /// Attacks whose tier is known, and those of the strongest.
  private(set) var tieredCount = 0
  private(set) var strongestCount = 0
  /// Defenses but for the plain mean that some attack met, and those that one rehearsed.
  private(set) var defenses: Set<String> = []
  private(set) var rehearsed: Set<String> = []
  /// Attacks that hurt the plain mean in some setting.
  private(set) var effective: Set<String> = []
  /// Attacks of which the values of a clean twin tell whether they do.
  private(set) var judged: Set<String> = []
  /// Whether the plain mean is there to tell.
  private(set) var hasReference = false

  var isAdaptive: Bool { !defenses.isEmpty && rehearsed == defenses }

  /// - Complexity: O(trials).
  init(_ study: Study) {
    let known = Set(study.facts.tiers.map(\.id))
    for attack in study.attacks {
      guard let tier = study.tier(ofAttack: attack), known.contains(tier) else { continue }
      tieredCount += 1
      if tier == study.facts.tiers.last?.id { strongestCount += 1 }
    }
    for cell in study.grid.cells where !study.references.clean.contains(cell.attack) {
      guard study.grid[cell].contains(where: { $0.status == .ok }) else { continue }
      let flags = study.flags(of: cell).filter(\.isRaised).map(\.id)
      if study.references.undefended.contains(cell.defense) {
        hasReference = true
        let isIneffective = flags.contains("attack-ineffective")
        guard Self.isJudged(study, cell, isIneffective) else { continue }
        judged.insert(cell.attack)
        if !isIneffective { effective.insert(cell.attack) }
      } else {
        defenses.insert(cell.defense)
        if !flags.contains("not-adaptive") { rehearsed.insert(cell.defense) }
      }
    }
  }
  /// Whether the values of a clean twin tell what an attack does to the plain mean.
  ///
  /// Without a twin there is no loss of accuracy, and an attack that plants no backdoor may still hurt.
  private static func isJudged(_ study: Study, _ cell: CellID, _ isIneffective: Bool) -> Bool {
    let finished = study.grid[cell].filter { $0.status == .ok }
    func has(_ metric: String) -> Bool {
      finished.contains { ($0.metrics[metric] ?? nil) != nil }
    }
    if has("accuracy.drop") { return true }
    guard isIneffective else { return has("asr.excess") || has("accuracy.drop.source-class") }
    // The window is empty: the attack does nothing.
    return !has("asr.excess") && !has("accuracy.drop.source-class")
  }
}
