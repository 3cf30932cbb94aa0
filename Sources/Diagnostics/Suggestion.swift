/// Returns `; did you mean 'x'?` for the nearest known word, or the list of all.
///
/// Nearest by Damerau–Levenshtein distance (adjacent swaps count once), at most a third of the
/// word's length and at least 1; ties go to the first in order. Words of more than 64 characters
/// are near to nothing. Of more than a thousand words the first thousand are compared; a list names
/// each word once, a hundred at most.
public func suggestion(for word: String, among known: [String]) -> String {
  if let best = nearest(to: word, among: known) { return "; did you mean '\(best)'?" }
  var seen: Set<String> = []
  let words = known.filter { seen.insert($0).inserted }
  guard !words.isEmpty else { return "" }
  let more = words.count > listed ? " and \(words.count - listed) more" : ""
  return "; known: " + words.prefix(listed).map(excerpt).joined(separator: ", ") + more
}

/// The known word that was probably meant; `nil` if none is near.
public func nearest(to word: String, among known: [String]) -> String? {
  // The first test needs no walk over a text of a megabyte.
  guard word.utf8.count <= 16 * longest, word.count <= longest else { return nil }
  let limit = max(1, (word.count + 1) / 3)
  let near = known.prefix(compared).filter {
    $0.utf8.count <= 16 * longest && $0.count <= longest && abs($0.count - word.count) <= limit
  }
  let ranked = near.sorted().map { (distance: editDistance(word, $0), word: $0) }
  guard let best = ranked.min(by: { $0.distance < $1.distance }), best.distance <= limit else {
    return nil
  }
  return best.word
}

private let longest = 64
private let compared = 1_000
private let listed = 100

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
