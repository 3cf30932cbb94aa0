public import Studies

/// A line of the second table: what an attack leaves of the entries of one setting.
public struct AttackRow: Sendable {
  /// A row of the board under the attack.
  public struct Standing: Hashable, Sendable {
    /// The entry's name.
    public var name: String
    public var summary: CellSummary
  }

  public var attack: String
  /// `nil` where the catalog does not know it.
  public var tier: String?
  public var setting: BoardSetting
  /// The highest accuracy that some defense keeps: what the attack does at the least.
  public var best: Standing?
  /// The lowest accuracy that it leaves some defense.
  public var worst: Standing?
  /// The lowest attack success that some defense lets through, void cells left out.
  public var leastSuccess: Standing?
  /// Entries that lose at least ``AttackRow/loss`` against themselves without an attack.
  public var hurtCount: Int
  /// Entries with a figure.
  public var count: Int

  /// What counts as a loss of accuracy.
  public static let loss = 0.1

  /// The attacks of some rows of one setting, the strongest first: that under which the best defense
  /// keeps least.
  static func all(
    _ rows: [BoardRow], clean: Set<String>, tier: (String) -> String?
  ) -> [AttackRow] {
    guard let setting = rows.first?.setting else { return [] }
    return setting.attacks.filter { !clean.contains($0) }.map { attack in
      var row = AttackRow(
        attack: attack, tier: tier(attack), setting: setting, hurtCount: 0, count: 0)
      for candidate in rows {
        let own = candidate.attacks.filter { $0.attack == attack }
        // Of several variants of an attack the strongest counts.
        guard
          let lowest = own.filter({ $0.accuracy.mean != nil }).min(by: {
            ($0.accuracy.mean ?? 0) < ($1.accuracy.mean ?? 0)
          })?.accuracy, let mean = lowest.mean
        else { continue }
        let standing = Standing(name: candidate.entry.name, summary: lowest)
        row.count += 1
        if row.best?.summary.mean.map({ mean > $0 }) ?? true { row.best = standing }
        if row.worst?.summary.mean.map({ mean < $0 }) ?? true { row.worst = standing }
        if let clean = candidate.clean?.mean, clean - mean >= loss - 1e-9 { row.hurtCount += 1 }
        let successes = own.map(\.success).filter { $0.mean != nil }
        if let highest = successes.max(by: { ($0.mean ?? 0) < ($1.mean ?? 0) }),
          let success = highest.mean,
          row.leastSuccess?.summary.mean.map({ success < $0 }) ?? true
        {
          row.leastSuccess = Standing(name: candidate.entry.name, summary: highest)
        }
      }
      return row
    }.sorted {
      ($0.best?.summary.mean ?? .infinity, $0.attack)
        < ($1.best?.summary.mean ?? .infinity, $1.attack)
    }
  }
}
