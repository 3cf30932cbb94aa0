/// The search for the subset of least diameter.
///
/// Rows to leave out so that no pair farther apart than t remains are a vertex cover of the graph of
/// those pairs. Whether f rows can cover is found by branching on the two ends of an uncovered pair,
/// at most f deep; the least t by bisection over the distances; the lexicographically first subset
/// by deciding on the rows one after the other.
enum LeastDiameter {
  /// Returns the rows of the first subset of least diameter, ascending.
  ///
  /// - Precondition: `0 <= f < distances.count`
  static func subset(leavingOut f: Int, of distances: DistanceTable) -> [Int] {
    let n = distances.count
    guard f > 0 else { return Array(0..<n) }
    var search = Cover(pairs: farPairs(distances, leastDiameter(f, distances)), rowCount: n)
    var removed = 0
    for row in 0..<n where removed < f {
      search.roles[row] = .kept
      if !search.covers(with: f - removed) {
        search.roles[row] = .removed
        removed += 1
      }
    }
    // Nothing has to go any more, but the last ones do if rows are left to remove.
    let kept = (0..<n).filter { search.roles[$0] != .removed }
    return Array(kept.prefix(n - f))
  }

  /// The least distance, squared, such that no more than f rows have to go for it.
  private static func leastDiameter(_ f: Int, _ distances: DistanceTable) -> Double {
    let n = distances.count
    var candidates = [0.0]
    for i in 0..<n { for j in 0..<i { candidates.append(distances.squared(i, j)) } }
    candidates.sort()
    var (low, high) = (0, candidates.count - 1)
    while low < high {
      let middle = (low + high) / 2
      var search = Cover(pairs: farPairs(distances, candidates[middle]), rowCount: n)
      if search.covers(with: f) { high = middle } else { low = middle + 1 }
    }
    return candidates[low]
  }

  private static func farPairs(_ distances: DistanceTable, _ limit: Double) -> [(Int, Int)] {
    var pairs: [(Int, Int)] = []
    for i in 0..<distances.count {
      for j in i + 1..<distances.count where distances.squared(i, j) > limit {
        pairs.append((i, j))
      }
    }
    return pairs
  }
}

/// Decides whether some rows touch all pairs.
private struct Cover {
  enum Role { case open, kept, removed }

  let pairs: [(Int, Int)]
  var roles: [Role]

  init(pairs: [(Int, Int)], rowCount: Int) {
    self.pairs = pairs
    roles = [Role](repeating: .open, count: rowCount)
  }

  /// Returns whether removing at most `count` more rows, none of them kept, touches every pair.
  mutating func covers(with count: Int) -> Bool {
    // Each row touches at most n − 1 pairs.
    let open = pairs.count { roles[$0.0] != .removed && roles[$0.1] != .removed }
    guard open <= count * (roles.count - 1) else { return false }
    return covers(from: 0, with: count)
  }

  private mutating func covers(from start: Int, with count: Int) -> Bool {
    let next = pairs[start...].firstIndex {
      roles[$0.0] != .removed && roles[$0.1] != .removed
    }
    guard let next else { return true }
    guard count > 0 else { return false }
    let (first, second) = pairs[next]
    let before = roles[first]
    defer { roles[first] = before }
    if before == .open {
      if covers(removing: first, from: next + 1, with: count) { return true }
      // What the first row cannot do by leaving has to be done while it stays.
      roles[first] = .kept
    }
    return roles[second] == .open && covers(removing: second, from: next + 1, with: count)
  }

  private mutating func covers(removing row: Int, from start: Int, with count: Int) -> Bool {
    roles[row] = .removed
    defer { roles[row] = .open }
    return covers(from: start, with: count - 1)
  }
}
