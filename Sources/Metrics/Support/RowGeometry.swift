import Determinism
import Kernels
import Tensors

/// The distances between some rows of one round, computed once for all figures that need pairs.
///
/// Everything follows from the pairwise squared distances, in `Double`. Equal rows get bit-equal
/// figures, which keeps ties.
///
/// - Complexity: O(m² d) time for m rows of d columns, O(m²) memory; where the m rows are not all
///   of the round, 4,096 columns of them are copied at a time.
struct RowGeometry {
  /// The columns that are copied at a time.
  private static let segmentSize = 4096

  /// m, the number of rows.
  let rowCount: Int
  /// m × m, symmetric, zero diagonal.
  let squaredDistances: [Double]

  /// Measures the rows of the sample; all n × d rows have to be finite.
  ///
  /// - Parameters:
  ///   - rows: All rows of the round.
  ///   - sample: Those that are measured.
  ///   - equals: Which of all rows are equal, whose distances are measured once.
  ///   - pool: The threads.
  init(
    _ rows: borrowing Matrix<Float>, _ sample: RowSample, equals: EqualRows, pool: WorkPool
  ) {
    rowCount = sample.rows.count
    let (members, places) = equals.distinct(sample.rows)
    let distances =
      sample.isWhole
      ? Self.squaredDistances(
        rows.span, of: members, columnCount: rows.columnCount, pool)
      : Self.squaredDistances(rows, of: members, pool)
    squaredDistances =
      members.count == rowCount
      ? distances : Self.expanded(distances, members.count, places)
  }

  /// Returns the distances between rows from those between the different ones among them.
  private static func expanded(_ distances: [Double], _ count: Int, _ places: [Int]) -> [Double] {
    var all: [Double] = []
    all.reserveCapacity(places.count * places.count)
    for first in places {
      for second in places { all.append(distances[first * count + second]) }
    }
    return all
  }

  private static func squaredDistances(
    _ values: Span<Float>, of members: [Int], columnCount: Int, _ pool: WorkPool
  ) -> [Double] {
    var distances = [Double](repeating: 0, count: members.count * members.count)
    var target = distances.mutableSpan
    Float.exactPairwiseSquaredDistances(
      ofRows: members, of: values, columnCount: columnCount, pool: pool, into: &target)
    return distances
  }

  /// Adds the distances of segments of columns, in order.
  private static func squaredDistances(
    _ rows: borrowing Matrix<Float>, of members: [Int], _ pool: WorkPool
  ) -> [Double] {
    let d = rows.columnCount
    let values = rows.span
    let places = Array(members.indices)
    var distances = [Double](repeating: 0, count: members.count * members.count)
    var segment: [Float] = []
    segment.reserveCapacity(members.count * min(d, segmentSize))
    for start in stride(from: 0, to: d, by: segmentSize) {
      let end = min(start + segmentSize, d)
      segment.removeAll(keepingCapacity: true)
      for row in members {
        let part = values.extracting(row * d + start..<row * d + end)
        for column in part.indices { segment.append(part[column]) }
      }
      let partial = squaredDistances(
        segment.span, of: places, columnCount: end - start, pool)
      for pair in distances.indices { distances[pair] += partial[pair] }
    }
    return distances
  }

  /// Returns the squared distance of two rows.
  func squaredDistance(_ i: Int, _ j: Int) -> Double { squaredDistances[i * rowCount + j] }

  /// Returns the Krum score of every row: the sum of its squared distances to the
  /// `m - byzantineCount - 2` nearest other rows.
  ///
  /// A figure has to exist in every round, so where the rule would be infeasible the number of
  /// neighbors is taken to the nearest of `1 ... m - 1`. `nil` for fewer than two rows.
  ///
  /// Source: Blanchard et al., NeurIPS 2017.
  func krumScores(byzantineCount: Int) -> [Double]? {
    guard rowCount > 1 else { return nil }
    let neighborCount = min(max(1, rowCount - byzantineCount - 2), rowCount - 1)
    return (0..<rowCount).map { row in
      var distances = (0..<rowCount).filter { $0 != row }.map { squaredDistance(row, $0) }
      distances.sort()
      return distances[..<neighborCount].reduce(0, +)
    }
  }
}
