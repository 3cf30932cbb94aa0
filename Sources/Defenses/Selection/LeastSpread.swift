import Statistics

/// The search for the subset whose scatter matrix has the least largest eigenvalue.
///
/// Rows are added in ascending order. The scatter of a set is at most that of any set around it, so
/// a partial set whose eigenvalue is too large already is left at once; a pair has half its squared
/// distance. That one exceeds a limit is seen from a failing Cholesky factorization, which costs a
/// hundredth of the eigenvalue, or from its spread along the direction in which all rows spread most.
/// A first pass finds the least eigenvalue, a second one the first subset that has it.
struct LeastSpread {
  /// What counts as equal, relative: more than the error of an eigenvalue.
  private static let tolerance = 1e-12
  /// Partial sets up to this size are looked at; among more rows few may be left out anyway.
  private static let partialLimit = 64

  private let distances: DistanceTable
  private let count: Int
  /// What the rows project to where all of them spread most.
  private let projections: [Double]
  /// More than the error of a set's spread there, squared.
  private let projectionError: Double
  private var limit: Double
  private var found: [Int] = []

  /// Returns the first subset of `count` rows with the least largest eigenvalue of the scatter
  /// Σ (x_i − m)(x_i − m)ᵀ, and this eigenvalue.
  ///
  /// - Precondition: `1 <= count <= distances.count`
  static func subset(
    _ count: Int, of distances: DistanceTable
  ) -> (rows: [Int], eigenvalue: Double) {
    let all = Array(0..<distances.count)
    guard count < distances.count else { return (all, eigenvalue(of: all, distances)) }
    let start = startingSet(count, distances)
    var least = eigenvalue(of: start, distances)
    var search = LeastSpread(distances: distances, count: count, limit: least)
    var rows: [Int] = []
    search.descend(&rows, &least, stopsAtFirst: false)
    search.limit = least
    search.descend(&rows, &least, stopsAtFirst: true)
    return (search.found, eigenvalue(of: search.found, distances))
  }

  private init(distances: DistanceTable, count: Int, limit: Double) {
    self.distances = distances
    self.count = count
    self.limit = limit
    let n = distances.count
    let gram = Self.scatter(of: Array(0..<n), distances)
    let pair = LargestEigenpair(gram, order: n)
    // On whatever direction the vector stands for, these are projections.
    let images = (0..<n).map { i in
      (0..<n).reduce(0) { $0 + gram[i * n + $1] * pair.vector[$1] }
    }
    let square = max(0, zip(images, pair.vector).reduce(0) { $0 + $1.0 * $1.1 })
    projections = images.map { square > 0 ? $0 / square.squareRoot() : 0 }
    projectionError = 1e-15 * Double(n) * square
  }

  /// A good set to start with: rows leave one by one, each time the one farthest from the average.
  private static func startingSet(_ count: Int, _ distances: DistanceTable) -> [Int] {
    var rows = Array(0..<distances.count)
    while rows.count > count {
      let sums = rows.map { row in rows.reduce(0) { $0 + distances.squared(row, $1) } }
      rows.remove(at: sums.indices.reduce(0) { sums[$1] > sums[$0] ? $1 : $0 })
    }
    return rows
  }

  /// Goes through the sets that begin with `rows`.
  ///
  /// - Returns: Whether the search is over.
  @discardableResult
  private mutating func descend(
    _ rows: inout [Int], _ least: inout Double, stopsAtFirst: Bool
  ) -> Bool {
    if rows.count == count {
      guard !spreadsBeyondLimit(rows) else { return false }
      let value = Self.eigenvalue(of: rows, distances)
      guard value <= limit * (1 + Self.tolerance) else { return false }
      found = rows
      least = min(least, value)
      limit = stopsAtFirst ? limit : least
      return stopsAtFirst
    }
    let last = distances.count - (count - rows.count)
    var next = (rows.last ?? -1) + 1
    if next == last {
      // Nobody may be left out any more.
      let length = rows.count
      rows += next..<distances.count
      defer { rows.removeSubrange(length...) }
      return descend(&rows, &least, stopsAtFirst: stopsAtFirst)
    }
    while next <= last {
      if !exceeds(adding: next, to: rows) {
        rows.append(next)
        if descend(&rows, &least, stopsAtFirst: stopsAtFirst) { return true }
        rows.removeLast()
      }
      next += 1
    }
    return false
  }

  /// Whether a set certainly has a larger eigenvalue than the limit.
  private func exceeds(adding row: Int, to rows: [Int]) -> Bool {
    let bound = limit * (1 + 2 * Self.tolerance)
    if rows.contains(where: { distances.squared($0, row) / 2 > bound }) { return true }
    return rows.count > 1 && rows.count < Self.partialLimit
      && !Self.isAtMost(bound, rows + [row], distances)
  }

  /// Whether a whole set certainly has a larger eigenvalue than the limit.
  private func spreadsBeyondLimit(_ rows: [Int]) -> Bool {
    var (sum, squares) = (0.0, 0.0)
    for row in rows {
      sum += projections[row]
      squares += projections[row] * projections[row]
    }
    let spread = squares - sum * sum / Double(count)
    if spread > limit * (1 + 1e-6) + projectionError { return true }
    return count <= Self.partialLimit
      && !Self.isAtMost(limit * (1 + 2 * Self.tolerance), rows, distances)
  }

  private static func scatter(of rows: [Int], _ distances: DistanceTable) -> [Double] {
    let k = rows.count
    var gram = [Double](repeating: 0, count: k * k)
    var means = [Double](repeating: 0, count: k)
    for i in 0..<k {
      for j in 0..<k { means[i] += distances.squared(rows[i], rows[j]) }
      means[i] /= Double(k)
    }
    let spread = means.reduce(0, +) / Double(k)
    for i in 0..<k {
      for j in 0..<k {
        gram[i * k + j] = (means[i] + means[j] - spread - distances.squared(rows[i], rows[j])) / 2
      }
    }
    return gram
  }

  private static func eigenvalue(of rows: [Int], _ distances: DistanceTable) -> Double {
    max(0, LargestEigenpair(scatter(of: rows, distances), order: rows.count).value)
  }

  /// Returns `false` only where the largest eigenvalue is certainly above the bound: where
  /// bound · I − scatter has a negative pivot.
  private static func isAtMost(
    _ bound: Double, _ rows: [Int], _ distances: DistanceTable
  ) -> Bool {
    let k = rows.count
    var rest = scatter(of: rows, distances)
    for i in 0..<k * k { rest[i] = -rest[i] }
    for i in 0..<k { rest[i * k + i] += bound }
    // Pivots this small may be rounding; the eigenvalue itself has to decide.
    let noise = bound * tolerance / 4
    for p in 0..<k {
      let pivot = rest[p * k + p]
      if pivot < -noise { return false }
      guard pivot > noise else { return true }
      for i in p + 1..<k {
        let factor = rest[i * k + p] / pivot
        for j in i..<k { rest[j * k + i] -= factor * rest[j * k + p] }
      }
    }
    return true
  }
}
