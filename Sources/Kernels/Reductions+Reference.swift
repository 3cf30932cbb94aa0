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

  /// The plain form of `Float.sumOfMagnitudes`.
  @_specialize(where S == Float)
  package static func sumOfMagnitudes(_ x: [S]) -> Double {
    reduce(x.count) { $1 + abs(Double(x[$0])) }
  }

  /// The plain form of `Float.pairwiseManhattanDistances`.
  @_specialize(where S == Float)
  package static func pairwiseManhattanDistances(_ rows: [[S]]) -> [Double] {
    rows.flatMap { x in
      rows.map { y in reduce(x.count) { $1 + abs(Double(x[$0]) - Double(y[$0])) } }
    }
  }

  /// The plain form of `Float.exactPairwiseSquaredDistances` and `Double.pairwiseSquaredDistances`.
  @_specialize(where S == Float)
  package static func pairwiseSquaredDistances(_ rows: [[S]]) -> [Double] {
    rows.flatMap { x in rows.map { y in squaredDistance(x, y) } }
  }
}

extension ScalarReference<Float> {
  /// The plain form of `Float.pairwiseSquaredDistances`.
  package static func singlePairwiseSquaredDistances(_ rows: [[Float]]) -> [Double] {
    rows.flatMap { x in rows.map { y in singleSquaredDistance(x, y) } }
  }

  private static func singleSquaredDistance(_ x: [Float], _ y: [Float]) -> Double {
    var sum = 0.0
    for pass in stride(from: 0, to: x.count, by: 4096) {
      var lanes = [Double](repeating: 0, count: 8)
      for block in stride(from: pass, to: min(pass + 4096, x.count), by: 512) {
        var singles = [Float](repeating: 0, count: 8)
        for i in block..<min(block + 512, x.count) {
          let difference = x[i] - y[i]
          singles[i % 8] = singles[i % 8].addingProduct(difference, difference)
        }
        for lane in 0..<8 { lanes[lane] += Double(singles[lane]) }
      }
      sum +=
        ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6]))
        + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]))
    }
    let least = Double(x.count) * Double(Float.leastNormalMagnitude)
    return sum >= least && sum < .infinity ? sum : squaredDistance(x, y)
  }
}
