import Components
import Determinism
import Federation
import Kernels
import Tensors

/// The scoring pass that Krum, Multi-Krum and Bulyan share.
///
/// score(i) = sum over the k nearest other rows of ‖x_i − x_j‖^power, summed from the smallest up,
/// so the order of the rows changes no bit. A row is never its own neighbor; an equal row is one at
/// distance 0. It works on a table of distances, which other rules share.
struct KrumScores: Sendable {
  static let parameters = [
    ParameterSpec(
      "f", .integer(0...1_000_000), default: .plan(.declaredByzantine),
      help: "declared number of Byzantine submissions"),
    ParameterSpec(
      "neighbours", .choice(["n-f-2", "n-f-1", "n-f"]), default: .text("n-f-2"),
      help: "number of other rows that count; the paper has n-f-2"),
    ParameterSpec(
      "power", .choice(["1", "2", "4"]), default: .text("2"),
      help: "exponent of the distances; the paper has 2"),
    ProofLimit.parameter,
  ]

  /// The declared number of Byzantine rows.
  let f: Int
  /// How many more than f rows do not count as neighbors: 2 in the paper.
  private let left: Int
  private let power: Int
  /// Whether the rule is made for so few rows that its proof says nothing.
  let isOutsideProof: Bool

  /// Reads the parameters and adds to `problems` why n rows are too few.
  init(
    _ arguments: Arguments, setup: DefenseSetup, component: ComponentID,
    problems: inout [ConfigurationError.Problem]
  ) {
    let n = setup.participantCount
    f = arguments.integer("f")
    left = ["n-f": 0, "n-f-1": 1][arguments.word("neighbours")] ?? 2
    power = Int(arguments.word("power") ?? "") ?? 2
    let limit = ProofLimit(arguments, setup: setup, of: f, proof: (2, 3), computation: (1, 1))
    isOutsideProof = limit.isOutsideProof
    if let problem = limit.problem(component) {
      problems.append(problem)
    } else if n - f - left > n - 1 {
      problems.append(
        .infeasible(
          component: component,
          reason: "n - f = \(n) neighbours are more than the n - 1 = \(n - 1) others"))
    }
  }

  /// The paper's scores: squared distances to n − f − 2 other rows.
  init(f: Int) {
    self.f = f
    left = 2
    power = 2
    isOutsideProof = false
  }

  /// The most bytes of distances that are held at once.
  static let blockBytes = 1 << 26

  /// The bytes that ``scores(of:pool:)`` takes for so many rows, at most.
  static func workingBytes(rowCount: Int) -> Double {
    let n = Double(rowCount)
    // Besides the distances what it takes to sort those of one row per thread.
    return min(8 * n * n, max(Double(blockBytes), 8 * n)) + 64 * n
  }

  /// Returns the score of each row.
  ///
  /// With fewer rows than announced the number of neighbors is kept within 1...n − 1; a single row
  /// scores 0. The distances of many rows are computed block by block, with the same bits.
  ///
  /// - Complexity: O(n² (d + log n)) time; memory for n² distances, but at most for 64 MiB of them.
  func scores(
    of rows: Matrix<Float>, pool: WorkPool, blockBytes: Int = KrumScores.blockBytes
  ) -> [Double] {
    let n = rows.rowCount
    let height = max(1, blockBytes / (8 * max(n, 1)))
    guard height < n else {
      return scores(rows.squaredDistances(pool: pool), ofRows: 0..<n, rowCount: n, pool)
    }
    var result: [Double] = []
    var block = [Double](repeating: 0, count: height * n)
    for start in stride(from: 0, to: n, by: height) {
      let range = start..<min(start + height, n)
      block.removeLast(block.count - range.count * n)
      rows.squaredDistances(ofRows: range, pool: pool, into: &block)
      result += scores(block, ofRows: range, rowCount: n, pool)
    }
    return result
  }

  /// Returns the score of each row of a distance table.
  func scores(_ distances: DistanceTable, pool: WorkPool) -> [Double] {
    scores(distances.values, ofRows: 0..<distances.count, rowCount: distances.count, pool)
  }

  /// The scores of some rows, given their distances to all rows.
  private func scores(
    _ distances: [Double], ofRows rows: Range<Int>, rowCount: Int, _ pool: WorkPool
  ) -> [Double] {
    pool.map(rows.count) { index in
      var others = Array(distances[index * rowCount..<(index + 1) * rowCount])
      others.remove(at: rows.lowerBound + index)
      let nearest = AscendingValues.sorted(others).prefix(neighborCount(of: rowCount))
      return nearest.reduce(0) { $0 + raised($1) }
    }
  }

  /// How many other rows count of so many rows.
  func neighborCount(of rowCount: Int) -> Int {
    min(max(rowCount - f - left, 1), rowCount - 1)
  }

  /// What of a distance is summed.
  func raised(_ squared: Double) -> Double {
    switch power {
    case 1: squared.squareRoot()
    case 4: squared * squared
    default: squared
    }
  }

  /// Returns the rows from the lowest score up, ties by row.
  static func ranking(_ scores: [Double]) -> [Int] {
    scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
  }
}
