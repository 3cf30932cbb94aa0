import Diagnostics
import Gating
public import Studies

/// Entries ranked by what is left of them under the attack that they stand worst.
public struct Board: Sendable {
  /// An entry that is not on the board, and why.
  public struct Refused: Sendable {
    /// Its folder.
    public var folder: String
    public var findings: [EntryFinding]

    public init(folder: String, findings: [EntryFinding]) {
      self.folder = folder
      self.findings = findings
    }
  }

  /// Setting by setting, and in each by accuracy under the worst of all attacks, highest first; rows
  /// with gaps come after all others.
  public let rows: [BoardRow]
  /// Setting by setting, the strongest first.
  public let attacks: [AttackRow]
  /// Those of the rows, in their order.
  public let settings: [BoardSetting]
  public let refused: [Refused]
  /// What the catalog knows.
  public let facts: MethodFacts
  /// The tiers that some attack has, weakest first.
  public let tiers: [MethodFacts.Tier]
  /// By setting, the attacks that some row has all figures under.
  let answered: [String: Set<String>]

  /// - Parameters:
  ///   - checks: Entries; those with errors are refused, and those that repeat an earlier one.
  ///   - unreadable: Entries that could not even be checked.
  ///   - facts: What the catalog knows.
  public init(_ checks: [EntryCheck], unreadable: [Refused] = [], facts: MethodFacts) {
    self.facts = facts
    let (taken, twins) = Self.withoutTwins(checks.filter { $0.errors.isEmpty })
    refused =
      unreadable
      + checks.filter { !$0.errors.isEmpty }.map { Refused(folder: $0.folder, findings: $0.errors) }
      + twins
    var settings: [BoardSetting] = []
    var groups: [String: [BoardRow]] = [:]
    var clean: Set<String> = ["none"]
    var attackTiers: [String: [String: String]] = [:]
    for check in taken {
      clean.formUnion(check.results.study.references.clean)
      for row in BoardRow.all(check) {
        let digest = row.setting.digest
        if groups[digest] == nil { settings.append(row.setting) }
        groups[digest, default: []].append(row)
        for attack in row.setting.attacks where attackTiers[digest]?[attack] == nil {
          attackTiers[digest, default: [:]][attack] = check.results.study.tier(ofAttack: attack)
        }
      }
    }
    self.settings = settings
    let answered = Self.answered(groups)
    self.answered = answered
    func key(_ row: BoardRow) -> (Int, Double, String) {
      (
        Self.gaps(row, nil, answered).isEmpty ? 0 : 1,
        -(row.worst(nil)?.accuracy?.summary.mean ?? -.infinity), row.entry.name
      )
    }
    rows = settings.flatMap { setting in
      (groups[setting.digest] ?? []).enumerated().map { (key($1), $0, $1) }
        .sorted { $0.0 != $1.0 ? $0.0 < $1.0 : $0.1 < $1.1 }.map(\.2)
    }
    attacks = settings.flatMap { setting in
      AttackRow.all(groups[setting.digest] ?? [], clean: clean) {
        attackTiers[setting.digest]?[$0]
      }
    }
    let used = Set(attackTiers.values.flatMap(\.values))
    tiers = facts.tiers.filter { used.contains($0.id) }
  }

  /// S021: of entries with one content, or one name in one setting, the first stays.
  private static func withoutTwins(
    _ checks: [EntryCheck]
  ) -> (taken: [EntryCheck], refused: [Refused]) {
    var taken: [EntryCheck] = []
    var refused: [Refused] = []
    var contents: [String: String] = [:]
    var names: [[String]: String] = [:]
    for check in checks {
      let entry = check.entry
      let folded = EntryName.folded(entry.name)
      let settings = check.results.settings.filter { setting in
        setting.uses(of: entry.defense).contains { $0 != nil }
      }.map { [$0.digest, folded] }
      let path = UserPath.joined(check.folder, Entry.fileName)
      var findings: [EntryFinding] = []
      if let other = entry.content.compactMap({ contents[$0] }).first {
        findings.append(
          EntryFinding(.twin, file: path, place: "/content", "is that of \(excerpt(other))"))
      }
      if let other = settings.compactMap({ names[$0] }).first {
        findings.append(
          EntryFinding(
            .twin, file: path, place: "/name",
            "'\(excerpt(entry.name))' is the name of \(excerpt(other))"))
      }
      guard findings.isEmpty else {
        refused.append(Refused(folder: check.folder, findings: findings))
        continue
      }
      for content in entry.content { contents[content] = check.folder }
      for setting in settings { names[setting] = check.folder }
      taken.append(check)
    }
    return (taken, refused)
  }

  /// The rank of each row under the attacks of a tier, or of all: 1 more than the number of rows of
  /// its setting whose 95 % interval lies wholly above its own.
  ///
  /// So rows that one cannot tell apart from the best share its rank. Where a row with a narrow
  /// interval would come out behind one that keeps less, it has the rank of that one. `nil` without an
  /// interval, because one seed says nothing about another, and for a row with a gap, whose worst case
  /// may be the attack that is missing; such a row takes no part in the others' ranks.
  ///
  /// - Complexity: O(rows²).
  public func ranks(_ tier: String?) -> [Int?] {
    IntervalRanks.ranks(
      rows.indices.map { index in
        .init(
          summary: gaps(index, tier).isEmpty ? rows[index].worst(tier)?.accuracy?.summary : nil,
          group: rows[index].setting.digest)
      }, better: .higher)
  }

  /// The rank of each attack: 1 more than the number of attacks of its setting whose interval of the
  /// accuracy that the best defense keeps lies wholly below its own.
  ///
  /// - Complexity: O(attacks²).
  public func attackRanks() -> [Int?] {
    IntervalRanks.ranks(
      attacks.map { .init(summary: $0.best?.summary, group: $0.setting.digest) }, better: .lower)
  }
}
