import Markup
public import Reporting
import Results
import Studies

extension Board {
  /// What decides the order, for captions.
  public static let sortKey =
    "Sorted by accuracy at the end of the attack window under the attack that the defense stands"
    + " worst, the highest first; nowhere is a mean over attacks. A row's rank is 1 more than the"
    + " number of rows whose 95 % interval over seeds lies wholly above its own, so rows that seeds"
    + " cannot tell apart share a rank, and no rank is worse than that of a row that keeps less; a row"
    + " of one seed has no interval, and no rank."

  /// The board under the attacks of a tier and of weaker ones, or under all, with every column.
  public func table(tier: String?) -> DataTable {
    let ranks = ranks(tier)
    return DataTable(
      id: tier.map { "leaderboard-\($0)" } ?? "leaderboard",
      title: title(of: tier), caption: caption(of: tier), columns: Self.columns,
      rows: ordered(tier).map { index in
        DataTable.Row(values(rows[index], ranks[index], tier), group: rows[index].setting.digest)
      })
  }

  /// The columns that fit on paper.
  public func narrowTable(tier: String?) -> DataTable {
    let whole = table(tier: tier)
    let places = whole.columns.indices.filter { Self.narrow.contains(whole.columns[$0].id) }
    return DataTable(
      id: whole.id, title: whole.title, caption: whole.caption,
      columns: places.map { whole.columns[$0] },
      rows: whole.rows.map { row in DataTable.Row(places.map { row.values[$0] }, group: row.group) }
    )
  }

  /// What each attack leaves of the entries.
  public var attackTable: DataTable {
    DataTable(
      id: "attacks", title: "Attacks",
      caption: "The strongest first: sorted by the accuracy that the best defense keeps under the"
        + " attack, which is what it does at the least. 'hurt' counts defenses that lose at least"
        + " \(AttackRow.loss) of accuracy against themselves without an attack.",
      columns: [
        .init("attack", "Attack"), .init("tier", "Attacker"),
        .init("best_accuracy", "Best accuracy kept", better: .higher),
        .init("best_defense", "by"), .init("worst_accuracy", "Worst accuracy", better: .higher),
        .init("worst_defense", "of"), .init("least_asr", "Least ASR let through", better: .lower),
        .init("least_asr_defense", "by"), .init("hurt", "Hurt"), .init("entries", "Entries"),
        .init("setting", "Setting"),
      ],
      rows: attacks.map { row in
        DataTable.Row(
          [
            Self.text(row.attack), Self.text(row.tier ?? "unknown"),
            Self.value(row.best?.summary), Self.text(row.best?.name ?? ""),
            Self.value(row.worst?.summary), Self.text(row.worst?.name ?? ""),
            Self.value(row.leastSuccess?.summary), Self.text(row.leastSuccess?.name ?? ""),
            .integer(row.hurtCount), .integer(row.count),
            Self.text(String(row.setting.digest.prefix(12))),
          ], group: row.setting.digest)
      })
  }

  /// The places of the rows, each setting by itself, in the order of a tier.
  func ordered(_ tier: String?) -> [Int] {
    let settingRanks = Dictionary(
      zip(settings.map(\.digest), 0...), uniquingKeysWith: { first, _ in first })
    func key(_ index: Int) -> (Int, Double, Int) {
      let accuracy = rows[index].worst(tier)?.accuracy?.summary.mean ?? -.infinity
      return (settingRanks[rows[index].setting.digest] ?? 0, -accuracy, index)
    }
    return rows.indices.sorted { key($0) < key($1) }
  }

  private static let narrow: Set<String> = [
    "rank", "name", "worst_accuracy", "worst_attack", "clean_accuracy", "worst_asr",
    "worst_asr_attack", "seeds", "status",
  ]

  private static let columns: [DataTable.Column] = [
    .init("rank", "Rank", better: .lower), .init("name", "Defense"),
    .init("worst_accuracy", "Worst-case accuracy", better: .higher, ranksRows: true),
    .init("worst_attack", "under"),
    .init("clean_accuracy", "Accuracy without attack", better: .higher, ranksRows: true),
    .init("worst_asr", "Worst ASR", better: .lower, ranksRows: true),
    .init("worst_asr_attack", "by"),
    .init("half_life", "Longest ASR half-life, rounds", better: .lower),
    .init("half_life_attack", "of"),
    .init("detection_auc", "Lowest detection AUC", better: .higher),
    .init("detection_attack", "against"),
    .init("seconds", "Seconds per round", better: .lower), .init("seeds", "Seeds", better: .higher),
    .init("missing", "Attacks without a figure"), .init("flags", "Flags"),
    .init("knows_f", "Told the true number of attackers"), .init("status", "Status"),
    .init("preliminary", "Preliminary"), .init("paper", "Paper"),
    .init("submitter", "Submitted by"), .init("licence", "Licence"), .init("version", "Version"),
    .init("defense", "Id"), .init("parts", "Setting of the defense"), .init("content", "Content"),
    .init("dataset", "Data set"), .init("malicious", "Malicious share"),
    .init("partition", "Partition"), .init("knowledge", "Knowledge"), .init("setting", "Setting"),
    .init("engine", "Engine"),
  ]

  private func values(_ row: BoardRow, _ rank: Int?, _ tier: String?) -> [DataTable.Value] {
    let worst = row.worst(tier)
    return [
      rank.map { .integer($0) }
        ?? .missing("–", reason: "one seed has no interval, and without one there is no rank"),
      Self.text(row.entry.name), Self.value(worst?.accuracy?.summary),
      Self.text(worst?.accuracy?.attack ?? ""), Self.value(row.clean),
      Self.value(worst?.success?.summary), Self.text(worst?.success?.attack ?? ""),
      Self.value(row.halfLife?.summary, decimals: 1, missing: "none"),
      Self.text(row.halfLife?.attack ?? ""), Self.value(row.detection?.summary, missing: "none"),
      Self.text(row.detection?.attack ?? ""), Self.seconds(row.seconds), .integer(row.seeds.count),
      .integer(worst?.missing.count ?? 0), Self.text(row.flags.map(\.id).joined(separator: " ")),
      Self.text(row.knowsCount ? "yes" : "no"), Self.text(row.status.rawValue),
      Self.text(row.entry.isPreliminary ? "yes" : "no"), Self.text(row.entry.paper),
      Self.text(row.entry.submitter), Self.text(row.entry.licence), Self.text(row.entry.version),
      Self.text(row.entry.defense), Self.text(row.parts.joined(separator: " + ")),
      Self.text(row.contentHash), Self.text(row.setting.dataset), Self.text(row.setting.fraction),
      Self.text(row.setting.partition), Self.text(row.setting.knowledge),
      Self.text(row.setting.digest),
      .integer(row.engine),
    ]
  }

  /// A text of anybody, with what could steer a terminal spelled out.
  private static func text(_ text: String) -> DataTable.Value {
    .text(Printable.escaped(text))
  }

  func title(of tier: String?) -> String {
    guard let tier else { return "All attacks" }
    let text = facts.tiers.first { $0.id == tier }?.text ?? ""
    return "Attackers up to \(tier)" + (text.isEmpty ? "" : ": \(text)")
  }

  private func caption(of tier: String?) -> String {
    let digest = settings.map { String($0.digest.prefix(12)) }.joined(separator: ", ")
    return
      "Defenses under \(tier.map { "attacks of the tier \($0) and weaker ones" } ?? "all attacks"). "
      + "ASR: attack success rate. "
      + (settings.isEmpty ? "" : "Setting \(digest).")
  }

  /// A time without an interval: machines differ more than seeds.
  private static func seconds(_ summary: CellSummary?) -> DataTable.Value {
    guard let mean = summary?.mean else { return value(summary) }
    return .number(mean, decimals: 3)
  }

  /// A mean over seeds with its interval, or the word for what there is instead.
  static func value(
    _ summary: CellSummary?, decimals: Int = 3, missing: String = "not run"
  ) -> DataTable.Value {
    guard let summary else { return .missing(missing, reason: "there is no figure") }
    switch summary.outcome {
    case .value(let mean, _, _, let isCensored):
      return .estimate(
        mean: mean,
        // A bound has no interval.
        half: isCensored ? nil : summary.interval.map { ($0.upperBound - $0.lowerBound) / 2 },
        decimals: decimals, isLowerBound: isCensored, mark: summary.isPartial ? "*" : "")
    case .void: return .missing("void", reason: "the model is dead, so attack success says nothing")
    case .absent: return .missing("n/a", reason: "the metric does not apply")
    case .notApplicable: return .missing("n/a", reason: "the defense cannot run against it")
    case .failed: return .missing("failed", reason: "the trials failed")
    case .timedOut: return .missing("timeout", reason: "the trials took too long")
    case .notRun: return .missing("not run", reason: "there is no trial")
    }
  }
}
