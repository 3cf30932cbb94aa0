/// Returns `; did you mean 'x'?` for the nearest known word, or the list of all.
///
/// Nearest by Damerau–Levenshtein distance (adjacent swaps count once), at most a third of the
/// word's length and at least 1; ties go to the first in order. Words of more than 64 characters
/// are near to nothing.
public func suggestion(for word: String, among known: [String]) -> String {
  let limit = max(1, (word.count + 1) / 3)
  let near = word.count > longest ? [] : known.sorted().filter { $0.count <= longest }
  let ranked = near.map { (distance: editDistance(word, $0), word: $0) }
  if let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= limit {
    return "; did you mean '\(best.word)'?"
  }
  return known.isEmpty ? "" : "; known: " + known.joined(separator: ", ")
}

private let longest = 64

private func editDistance(_ a: String, _ b: String) -> Int {
  let a = Array(a)
  let b = Array(b)
  // A swap looks back two rows.
  var before: [Int] = []
  var last = Array(0...b.count)
  for i in a.indices {
    var row = [i + 1] + [Int](repeating: 0, count: b.count)
    for j in b.indices {
      let substitution = last[j] + (a[i] == b[j] ? 0 : 1)
      row[j + 1] = min(last[j + 1] + 1, row[j] + 1, substitution)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        row[j + 1] = min(row[j + 1], before[j - 1] + 1)
      }
    }
    (before, last) = (last, row)
  }
  return last[b.count]
}
