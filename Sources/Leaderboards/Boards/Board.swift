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

  /// Setting by setting, and in each by accuracy under the worst of all attacks, highest first.
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
    rows = settings.flatMap { setting in
      (groups[setting.digest] ?? []).enumerated().sorted {
        let (left, right) = (Self.key($0.element), Self.key($1.element))
        return left != right
          ? left > right
          : ($0.element.entry.name, $0.offset) < ($1.element.entry.name, $1.offset)
      }.map(\.element)
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

  private static func key(_ row: BoardRow) -> Double {
    row.worst(nil)?.accuracy?.summary.mean ?? -.infinity
  }

  /// The rank of each row under the attacks of a tier, or of all: 1 more than the number of rows of
  /// its setting whose 95 % interval lies wholly above its own.
  ///
  /// So rows that one cannot tell apart from the best share its rank. Where a row with a narrow
  /// interval would come out behind one that keeps less, it has the rank of that one. `nil` without an
  /// interval: one seed says nothing about another.
  ///
  /// - Complexity: O(rows²).
  public func ranks(_ tier: String?) -> [Int?] {
    let summaries = rows.map { $0.worst(tier)?.accuracy?.summary }
    let counted = rows.indices.map { index -> Int? in
      guard let own = summaries[index]?.interval else { return nil }
      return 1
        + rows.indices.count { other in
          isSameSetting(index, other)
            && (summaries[other]?.interval.map { $0.lowerBound > own.upperBound } ?? false)
        }
    }
    return rows.indices.map { index in
      guard counted[index] != nil, let mean = summaries[index]?.mean else { return nil }
      return rows.indices.filter { other in
        isSameSetting(index, other) && (summaries[other]?.mean.map { $0 <= mean } ?? false)
      }.compactMap { counted[$0] }.min()
    }
  }

  private func isSameSetting(_ one: Int, _ other: Int) -> Bool {
    rows[one].setting.digest == rows[other].setting.digest
  }
}
