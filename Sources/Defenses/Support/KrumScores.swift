import Components
import Determinism
import Federation
import Kernels

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
  ]

  /// The declared number of Byzantine rows.
  let f: Int
  /// How many more than f rows do not count as neighbors: 2 in the paper.
  private let left: Int
  private let power: Int

  /// Reads the parameters and adds to `problems` why n rows are too few.
  init(
    _ arguments: Arguments, setup: DefenseSetup, component: ComponentID,
    problems: inout [ConfigurationError.Problem]
  ) {
    let n = setup.participantCount
    f = arguments.integer("f")
    left = ["n-f": 0, "n-f-1": 1][arguments.word("neighbours")] ?? 2
    power = Int(arguments.word("power") ?? "") ?? 2
    if n < 2 * f + 3 {
      problems.append(
        .infeasible(
          component: component,
          reason: "needs n >= 2f + 3 = \(2 * f + 3) submissions for f = \(f), got \(n)"))
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
  }

  /// Returns the score of each row of a distance table.
  ///
  /// With fewer rows than announced the number of neighbors is kept within 1...n − 1; a single row
  /// scores 0.
  ///
  /// - Complexity: O(n² log n).
  func scores(_ distances: DistanceTable) -> [Double] {
    (0..<distances.count).map {
      score(
        of: $0, others: distances.nearest(to: $0), rowCount: distances.count, distances)
    }
  }

  /// Returns the score of a row among `rowCount` rows.
  ///
  /// - Parameters:
  ///   - row: The row.
  ///   - others: The other rows from the nearest on; no more than count are looked at.
  ///   - rowCount: The number of rows, of which it is one.
  ///   - distances: The table of all distances.
  /// - Returns: The sum over the nearest ones; 0 without others.
  func score(
    of row: Int, others: some Sequence<Int>, rowCount: Int, _ distances: DistanceTable
  ) -> Double {
    let count = min(max(rowCount - f - left, 1), rowCount - 1)
    return others.prefix(count).reduce(0) { $0 + raised(distances.squared(row, $1)) }
  }

  private func raised(_ squared: Double) -> Double {
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
