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
    + " of one seed has no interval, and no rank. A row without a figure under some attack that others"
    + " have one under stands after all that have every figure, and has no rank: what is missing may"
    + " be its worst case."

  /// What decides the order of attacks.
  public static let attackKey =
    "The strongest first: sorted by the accuracy that the best defense keeps under the attack, which is"
    + " what it does at the least. An attack's rank is 1 more than the number of attacks under which"
    + " the 95 % interval of that accuracy lies wholly below its own, so attacks that seeds cannot tell"
    + " apart share a rank."

  /// The board under the attacks of a tier and of weaker ones, or under all, with every column.
  public func table(tier: String?) -> DataTable {
    let ranks = ranks(tier)
    return DataTable(
      id: tier.map { "leaderboard-\($0)" } ?? "leaderboard",
      title: title(of: tier), caption: caption(of: tier), columns: Self.columns,
      rows: ordered(tier).map { index in
        // What has a gap is neither best nor second.
        DataTable.Row(
          values(index, ranks[index], tier),
          group: rows[index].setting.digest + (gaps(index, tier).isEmpty ? "" : " \(index)"))
      })
  }

  /// The columns that fit on paper.
  public func narrowTable(tier: String?) -> DataTable {
    let whole = table(tier: tier)
    let hasGaps = rows.indices.contains { !gaps($0, tier).isEmpty }
    let narrow = Self.narrow.union(hasGaps ? ["missing", "attacks"] : [])
    let places = whole.columns.indices.filter { narrow.contains(whole.columns[$0].id) }
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
      caption: Self.attackKey
        + " 'Hurt' counts defenses that lose at least \(AttackRow.loss) of accuracy"
        + " against themselves without an attack.",
      columns: [
        .init("rank", "Rank", better: .lower), .init("attack", "Attack"), .init("tier", "Attacker"),
        .init("best_accuracy", "Best accuracy kept", better: .higher),
        .init("best_defense", "by"), .init("worst_accuracy", "Worst accuracy", better: .higher),
        .init("worst_defense", "of"), .init("least_asr", "Least ASR let through", better: .lower),
        .init("least_asr_defense", "by"), .init("hurt", "Hurt"), .init("entries", "Entries"),
        .init("setting", "Setting"),
      ],
      rows: zip(attacks, attackRanks()).map { row, rank in
        DataTable.Row(
          [
            rank.map { .integer($0) } ?? .missing("–", reason: Self.noInterval),
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
    func key(_ index: Int) -> (Int, Int, Double, Int) {
      let accuracy = rows[index].worst(tier)?.accuracy?.summary.mean ?? -.infinity
      return (
        settingRanks[rows[index].setting.digest] ?? 0, gaps(index, tier).isEmpty ? 0 : 1, -accuracy,
        index
      )
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
    .init("missing", "Attacks without a figure"), .init("attacks", "of attacks"),
    .init("flags", "Flags"),
    .init("knows_f", "Told the true number of attackers"), .init("status", "Status"),
    .init("preliminary", "Preliminary"), .init("paper", "Paper"),
    .init("submitter", "Submitted by"), .init("licence", "Licence"), .init("version", "Version"),
    .init("defense", "Id"), .init("parts", "Setting of the defense"), .init("content", "Content"),
    .init("dataset", "Data set"), .init("malicious", "Malicious share"),
    .init("partition", "Partition"), .init("knowledge", "Knowledge"), .init("setting", "Setting"),
    .init("engine", "Engine"),
  ]

  private static let noInterval = "one seed has no interval, and without one there is no rank"

  /// Such as `2 of 48 attacks without a figure`; empty for a row without a gap.
  func gapText(_ index: Int, _ tier: String?) -> String {
    let count = gaps(index, tier).count
    return count == 0 ? "" : "\(count) of \(attackCount(index, tier)) attacks without a figure"
  }

  private func values(_ index: Int, _ rank: Int?, _ tier: String?) -> [DataTable.Value] {
    let row = rows[index]
    let worst = row.worst(tier)
    let gap = gapText(index, tier)
    return [
      rank.map { .integer($0) } ?? .missing("–", reason: gap.isEmpty ? Self.noInterval : gap),
      Self.text(row.entry.name), Self.value(worst?.accuracy?.summary),
      Self.text(worst?.accuracy?.attack ?? ""), Self.value(row.clean),
      Self.value(worst?.success?.summary), Self.text(worst?.success?.attack ?? ""),
      Self.value(row.halfLife?.summary, decimals: 1, missing: "none"),
      Self.text(row.halfLife?.attack ?? ""), Self.value(row.detection?.summary, missing: "none"),
      Self.text(row.detection?.attack ?? ""), Self.seconds(row.seconds), .integer(row.seeds.count),
      .integer(gaps(index, tier).count), .integer(attackCount(index, tier)),
      Self.text(row.flags.map(\.id).joined(separator: " ")),
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
    guard let summary else { return .missing(missing, reason: reasons[missing] ?? "") }
    switch summary.outcome {
    case .value(let mean, _, _, let isCensored):
      return .estimate(
        mean: mean,
        // A bound has no interval.
        half: isCensored ? nil : summary.interval.map { ($0.upperBound - $0.lowerBound) / 2 },
        decimals: decimals, isLowerBound: isCensored, mark: summary.isPartial ? "*" : "")
    case .void: return word("void")
    case .absent: return .missing("n/a", reason: "the metric does not apply")
    case .notApplicable: return .missing("n/a", reason: "the defense cannot run against it")
    case .failed: return word("failed")
    case .timedOut: return word("timeout")
    case .notRun: return word("not run")
    }
  }

  private static func word(_ word: String) -> DataTable.Value {
    .missing(word, reason: reasons[word] ?? "")
  }

  private static let reasons = Dictionary(words.map { ($0.word, $0.meaning) }) { first, _ in first }

  /// What stands in place of a figure or beside one, and what it means.
  static let words: [(word: String, meaning: String)] = [
    ("void", "the model is dead, so attack success says nothing"),
    ("n/a", "the defense cannot run against it, or the metric does not apply"),
    ("none", "no attack has a figure: none succeeded, or the rule names no suspects"),
    ("not run", "there is no trial"), ("failed", "the trials failed"),
    ("timeout", "the trials took too long"),
    ("–", "no rank: one seed has no interval, or an attack has no figure"),
  ]
}
