import Studies

extension Board {
  /// The attacks of a tier, or of all, without a figure under a row, sorted.
  ///
  /// An attack that no row of the setting has all figures under is no gap of any: it tells none from
  /// another.
  public func gaps(_ index: Int, _ tier: String?) -> [String] {
    Self.gaps(rows[index], tier, answered)
  }

  /// How many attacks of a tier a row should have figures under.
  public func attackCount(_ index: Int, _ tier: String?) -> Int {
    guard let worst = rows[index].worst(tier) else { return 0 }
    let known = answered[rows[index].setting.digest] ?? []
    return Set(worst.attacks + worst.missing).intersection(known).count
  }

  static func gaps(_ row: BoardRow, _ tier: String?, _ answered: [String: Set<String>]) -> [String]
  {
    guard let worst = row.worst(tier) else { return [] }
    return Set(worst.gaps.map(\.attack)).intersection(answered[row.setting.digest] ?? []).sorted()
  }

  /// By setting, the attacks that some row has all figures under.
  static func answered(_ groups: [String: [BoardRow]]) -> [String: Set<String>] {
    groups.mapValues { rows in
      rows.reduce(into: []) { known, row in
        guard let worst = row.worst(nil) else { return }
        known.formUnion(Set(worst.attacks).subtracting(worst.gaps.map(\.attack)))
      }
    }
  }
}
