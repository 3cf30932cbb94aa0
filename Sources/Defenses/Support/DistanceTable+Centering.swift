/// Squared distances to a weighted average of the rows, and the Gram matrix around it, from the
/// distances of the rows alone.
extension DistanceTable {
  /// Returns ‖x_i − m‖² for each row with m = Σ w_j x_j.
  ///
  /// Rows of weight 0 have no part in m, however far away they are.
  ///
  /// - Precondition: One weight per row; they sum to 1.
  func squaredDistances(toAverage weights: [Double]) -> [Double] {
    let means = meanDistances(weights)
    let spread = weightedSum(means, weights) / 2
    return means.map { max(0, $0 - spread) }
  }

  /// Returns ⟨x_i − m, x_j − m⟩ for all rows, n × n, with m as above.
  func gram(around weights: [Double]) -> [Double] {
    let means = meanDistances(weights)
    let spread = weightedSum(means, weights)
    var gram = [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in 0..<count {
        gram[i * count + j] = (means[i] + means[j] - spread - squared(i, j)) / 2
      }
    }
    return gram
  }

  /// The weighted average of each row's squared distances.
  private func meanDistances(_ weights: [Double]) -> [Double] {
    precondition(weights.count == count, "\(weights.count) weights of \(count) rows")
    return (0..<count).map { row in
      var sum = 0.0
      for other in 0..<count { sum += weights[other] * squared(row, other) }
      return sum
    }
  }

  private func weightedSum(_ values: [Double], _ weights: [Double]) -> Double {
    zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
