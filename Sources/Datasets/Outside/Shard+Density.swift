public import Determinism
import Kernels
import Tensors

/// Where examples are rare.
extension Shard {
  /// Returns how far away the neighbors of some examples are: the larger, the lower the density of the
  /// inputs there, whatever their class.
  ///
  /// It is the mean Euclidean distance to the `neighbors` nearest other examples of the shard, an estimate
  /// of the density by neighbors; distances are summed in ascending order. Equal examples are at distance
  /// 0. Where there are fewer others, all of them count; where there is none, the distance is 0.
  ///
  /// - Precondition: `neighbors > 0`, and `rows` are different rows of the shard.
  /// - Complexity: O(rows × examples × features); 64 × examples distances at a time, and a copy of the
  ///   inputs.
  public func neighborDistances(ofRows rows: [Int], neighbors: Int, pool: WorkPool) -> [Double] {
    precondition(neighbors > 0, "the distance to \(neighbors) neighbors")
    let wanted = Set(rows)
    // So that the rows that are asked for lie side by side.
    let ordered = inputs.selecting(rows + (0..<count).filter { !wanted.contains($0) }).numbers
    var result: [Double] = []
    result.reserveCapacity(rows.count)
    var distances: [Double] = []
    for start in stride(from: 0, to: rows.count, by: 64) {
      let block = start..<min(start + 64, rows.count)
      distances = [Double](repeating: 0, count: block.count * count)
      ordered.squaredDistances(ofRows: block, pool: pool, into: &distances)
      result += pool.map(block.count) { [distances] place in
        Self.meanOfNearest(
          neighbors, of: distances[place * count..<(place + 1) * count], besides: start + place)
      }
    }
    return result
  }

  /// The mean root of the smallest squares, that of the row itself left out.
  private static func meanOfNearest(
    _ neighbors: Int, of squares: ArraySlice<Double>, besides own: Int
  ) -> Double {
    var nearest: [Double] = []
    for (row, square) in squares.enumerated() where row != own {
      guard nearest.count < neighbors || square < nearest[nearest.count - 1] else { continue }
      if nearest.count == neighbors { nearest.removeLast() }
      let place = nearest.firstIndex { $0 > square } ?? nearest.count
      nearest.insert(square, at: place)
    }
    guard !nearest.isEmpty else { return 0 }
    return nearest.reduce(0) { $0 + $1.squareRoot() } / Double(nearest.count)
  }
}
