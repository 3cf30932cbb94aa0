import Determinism

/// The rows that remain while Krum picks one after the other, each with what lies between it and the
/// others.
///
/// Only the distances count, not whose they are: equal ones stand for each other, so the row that is
/// removed takes any one of its length out of the lists of the others.
struct KrumNeighbors {
  private let distances: DistanceTable
  private let scoring: KrumScores
  /// The rows that remain, ascending.
  private var rows: [Int]
  /// For each of them the distances to the others that remain, as they are summed, ascending.
  private var lengths: [[Double]]

  init(_ distances: DistanceTable, _ scoring: KrumScores, pool: WorkPool) {
    self.distances = distances
    self.scoring = scoring
    rows = Array(0..<distances.count)
    lengths = pool.map(distances.count) { row in
      AscendingValues.sorted(
        (0..<distances.count).filter { $0 != row }.map {
          scoring.raised(distances.squared(row, $0))
        })
    }
  }

  /// Removes and returns the row of the lowest score among those that remain, of equal ones the
  /// lowest.
  ///
  /// - Complexity: O(n²) for n rows that remain.
  mutating func removeBest(pool: WorkPool) -> Int {
    let scores = scores(pool: pool)
    var best = 0
    for place in scores.indices where scores[place] < scores[best] { best = place }
    let row = rows.remove(at: best)
    lengths.remove(at: best)
    for place in rows.indices {
      let length = scoring.raised(distances.squared(rows[place], row))
      lengths[place].remove(at: Self.place(of: length, in: lengths[place]))
    }
    return row
  }

  /// Sums the lengths that count for each row, from the smallest up.
  private func scores(pool: WorkPool) -> [Double] {
    let count = scoring.neighborCount(of: rows.count)
    let groups = (rows.count + Self.groupSize - 1) / Self.groupSize
    // Below this a group is summed sooner than handed to a thread.
    let pool = rows.count < 256 ? WorkPool(width: 1) : pool
    return pool.map(groups) { group in
      let start = group * Self.groupSize
      return sums(start..<min(start + Self.groupSize, rows.count), count)
    }.flatMap { $0 }
  }

  private static let groupSize = 32

  /// Sums the first lengths of some rows.
  private func sums(_ places: Range<Int>, _ count: Int) -> [Double] {
    var result: [Double] = []
    // Four rows at once, because one is a chain of dependent additions; those behind the end repeat
    // the last one.
    for first in stride(from: places.lowerBound, to: places.upperBound, by: 4) {
      let last = places.upperBound - 1
      let (a, b, c, d) = (
        lengths[first], lengths[min(first + 1, last)], lengths[min(first + 2, last)],
        lengths[min(first + 3, last)]
      )
      var sums = SIMD4<Double>()
      for i in 0..<count { sums += SIMD4(a[i], b[i], c[i], d[i]) }
      for lane in 0...min(3, last - first) { result.append(sums[lane]) }
    }
    return result
  }

  /// Where a value that is there stands first.
  private static func place(of value: Double, in values: [Double]) -> Int {
    var (low, high) = (0, values.count)
    while low < high {
      let middle = (low + high) / 2
      if values[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
