import Determinism
import Federation
import Tensors

/// Looks for rows that bring a defense far from the mean of the honest ones.
///
/// What it finds is a lower bound on κ: for all n rows and every choice of f of them as Byzantine, the
/// squared distance of the result from the mean of the others over the others' mean squared distance
/// from it. Starts are all patterns of two and three values in the first coordinate, then the best
/// ones are changed a value at a time.
struct RobustnessSearch {
  let n: Int
  let d: Int
  let defense: DefensePipeline
  /// The choices of the Byzantine rows.
  private let leftOut: [[Int]]

  /// The largest ratio that was found, and its rows.
  struct Found {
    var kappa = 0.0
    var rows: [Float] = []
  }

  init(n: Int, f: Int, d: Int = 1, defense: DefensePipeline) {
    self.n = n
    self.d = d
    self.defense = defense
    var choices: [[Int]] = [[]]
    for _ in 0..<f {
      choices = choices.flatMap { choice in
        ((choice.last ?? -1) + 1..<n).map { choice + [$0] }
      }
    }
    leftOut = choices
  }

  func run(from given: [[Float]], steps: Int, seed: UInt64) throws -> Found {
    var starts: [Found] = []
    for rows in given + patterns { starts.append(Found(kappa: try kappa(rows), rows: rows)) }
    starts.sort { $0.kappa > $1.kappa }
    var random = SeedPath(root: seed).stream()
    var best = starts[0]
    for start in starts.prefix(4) {
      var current = start
      var size = 0.5
      for _ in 0..<steps {
        var rows = current.rows
        for _ in 0..<1 + random.index(below: 3) {
          rows[random.index(below: n * d)] += Float(size * random.normal())
        }
        let found = try kappa(rows)
        if found > current.kappa {
          current = Found(kappa: found, rows: rows)
          size = min(2 * size, 2)
        } else {
          size = size > 1e-4 ? 0.98 * size : 0.5
        }
      }
      if current.kappa > best.kappa { best = current }
    }
    return best
  }

  /// So many zeros, ones, and values of a third kind.
  private var patterns: [[Float]] {
    var patterns: [[Float]] = []
    for ones in 1...n {
      for others in 0...(n - ones) {
        for other in [-4, -1, 0.5, 1.5, 2, 3, 8] as [Float] where others > 0 || other == 2 {
          let values: [Float] =
            .init(repeating: 0, count: n - ones - others) + .init(repeating: 1, count: ones)
            + .init(repeating: other, count: others)
          patterns.append(values.flatMap { [$0] + [Float](repeating: 0, count: d - 1) })
        }
      }
    }
    return patterns
  }

  /// The largest ratio over all choices of the Byzantine rows.
  func kappa(_ rows: [Float]) throws -> Double {
    var defense = defense
    var updates = UpdateMatrix(Matrix(rowCount: n, columnCount: d, values: rows))
    let result = try defense.aggregate(&updates, in: makeRound()).update.map { Double($0) }
    // As seen from the result.
    let values = rows.indices.map { Double(rows[$0]) - result[$0 % d] }
    let squares = (0..<n).map { row in
      (0..<d).reduce(0) { $0 + values[row * d + $1] * values[row * d + $1] }
    }
    let totals = (0..<d).map { column in (0..<n).reduce(0) { $0 + values[$1 * d + column] } }
    let square = squares.reduce(0, +)
    let size = result.reduce(0) { $0 + $1 * $1 }
    let count = Double(n - (leftOut.first?.count ?? 0))
    var largest = 0.0
    for choice in leftOut {
      var distance = 0.0
      for column in 0..<d {
        let mean = choice.reduce(totals[column]) { $0 - values[$1 * d + column] } / count
        distance += mean * mean
      }
      let spread = choice.reduce(square) { $0 - squares[$1] } / count - distance
      // A result is rounded to single precision, and misses rows that are all but equal by a little.
      guard spread > 1e-8 * size, spread > 1e-9 * square else { continue }
      largest = max(largest, distance / spread)
    }
    return largest
  }
}
