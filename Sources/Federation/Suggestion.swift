/// Returns `; did you mean 'x'?` for the nearest known word, or the list of all.
///
/// Nearest by Damerau–Levenshtein distance (adjacent swaps count once), at most a third of the
/// word's length and at least 1; ties go to the first in order.
public func suggestion(for word: String, among known: [String]) -> String {
  let limit = max(1, (word.count + 1) / 3)
  let ranked = known.sorted().map { (distance: editDistance(word, $0), word: $0) }
  if let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= limit {
    return "; did you mean '\(best.word)'?"
  }
  return known.isEmpty ? "" : "; known: " + known.joined(separator: ", ")
}

private func editDistance(_ a: String, _ b: String) -> Int {
  let a = Array(a)
  let b = Array(b)
  var rows = [Array(0...b.count)]
  for i in a.indices {
    var row = [i + 1] + [Int](repeating: 0, count: b.count)
    for j in b.indices {
      let substitution = rows[i][j] + (a[i] == b[j] ? 0 : 1)
      row[j + 1] = min(rows[i][j + 1] + 1, row[j] + 1, substitution)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        row[j + 1] = min(row[j + 1], rows[i - 1][j - 1] + 1)
      }
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}
