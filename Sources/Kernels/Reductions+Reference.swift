/// The plain forms of the reductions and column kernels of `Scalar`, without size checks.
///
/// They are specialized for `Float`, so that a benchmark against them compares algorithms and not
/// generic calls.
package enum ScalarReference<S: Scalar> {
  /// Adds `term(0), term(1), …` in the blocks and lanes that `Scalar` states.
  package static func reduce(_ count: Int, _ term: (Int, Double) -> Double) -> Double {
    var sum = 0.0
    for start in stride(from: 0, to: count, by: 1024) {
      var lanes = [Double](repeating: 0, count: 8)
      for i in start..<min(start + 1024, count) { lanes[i % 8] = term(i, lanes[i % 8]) }
      sum +=
        ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6]))
        + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]))
    }
    return sum
  }

  /// The plain form of `Scalar.dot`.
  @_specialize(where S == Float)
  package static func dot(_ x: [S], _ y: [S]) -> Double {
    reduce(x.count) { $1.addingProduct(Double(x[$0]), Double(y[$0])) }
  }

  /// The plain form of `Scalar.sum`.
  @_specialize(where S == Float)
  package static func sum(_ x: [S]) -> Double {
    reduce(x.count) { $1 + Double(x[$0]) }
  }

  /// The plain form of `Scalar.squaredDistance`.
  @_specialize(where S == Float)
  package static func squaredDistance(_ x: [S], _ y: [S]) -> Double {
    reduce(x.count) { i, lane in
      let difference = Double(x[i]) - Double(y[i])
      return lane.addingProduct(difference, difference)
    }
  }

  /// The plain form of `Scalar.pairwiseSquaredDistances`.
  @_specialize(where S == Float)
  package static func pairwiseSquaredDistances(_ rows: [[S]]) -> [Double] {
    rows.flatMap { x in rows.map { y in squaredDistance(x, y) } }
  }
}
