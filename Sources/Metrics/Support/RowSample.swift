/// The rows of a round whose pairs are compared.
///
/// All of them up to ``limit``. Of more, `limit` rows are a smaller round in the same proportion:
/// of n rows with f malicious ones f' = `limit` f / n, to the nearest whole number (halves up) but
/// at least one row of each kind, and `limit - f'` honest ones. Of the m rows of a kind k are taken
/// evenly spaced in row order, those in places ⌊j m / k⌋, j = 0 ..< k: no random draws, and since
/// the order of rows says nothing about clients, the choice says nothing either. Rows in another
/// order may give another sample.
struct RowSample {
  /// The most rows whose pairs are compared.
  static let limit = 512

  /// The rows that were chosen, ascending.
  let rows: [Int]
  /// The kinds of the chosen rows, by their place in ``rows``.
  let kinds: RoundKinds
  /// Whether it has all rows of the round.
  let isWhole: Bool

  /// - Precondition: `limit` is at least 2.
  init(_ kinds: RoundKinds, limit: Int = RowSample.limit) {
    precondition(limit >= 2, "RowSample: a limit of \(limit) rows")
    let rowCount = kinds.malicious.count + kinds.honest.count
    isWhole = rowCount <= limit
    guard !isWhole else {
      rows = Array(0..<rowCount)
      self.kinds = kinds
      return
    }
    let share = (2 * limit * kinds.malicious.count + rowCount) / (2 * rowCount)
    let lower = max(min(1, kinds.malicious.count), limit - kinds.honest.count)
    let upper = min(kinds.malicious.count, limit - min(1, kinds.honest.count))
    let maliciousCount = min(max(share, lower), upper)
    let malicious = Self.spaced(kinds.malicious, count: maliciousCount)
    let honest = Self.spaced(kinds.honest, count: limit - maliciousCount)
    let chosen = (malicious + honest).sorted()
    rows = chosen
    var isMalicious = [Bool](repeating: false, count: rowCount)
    for row in malicious { isMalicious[row] = true }
    self.kinds = RoundKinds(
      malicious: chosen.indices.filter { isMalicious[chosen[$0]] },
      honest: chosen.indices.filter { !isMalicious[chosen[$0]] },
      droppedMaliciousCount: kinds.droppedMaliciousCount,
      droppedHonestCount: kinds.droppedHonestCount)
  }

  /// The chosen honest rows, ascending.
  var honestRows: [Int] { kinds.honest.map { rows[$0] } }

  /// Returns `count` of the rows, evenly spaced and starting with the first.
  private static func spaced(_ rows: [Int], count: Int) -> [Int] {
    (0..<count).map { rows[$0 * rows.count / count] }
  }
}
