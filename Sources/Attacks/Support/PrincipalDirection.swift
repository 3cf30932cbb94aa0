import Determinism
import Federation
import Kernels
import Statistics
import Tensors

/// The direction in which honest updates differ most, over several rounds.
///
/// Round 1 gives the leading principal direction of its updates. Every further round moves it by
/// Oja's rule: z becomes t z / (t + 1) + C z / ((t + 1) ‖C z‖), of length 1, where C = Σ (Δ_i − μ)(Δ_i − μ)ᵀ
/// and μ is the mean of all rounds up to this one. Its sign means nothing. Rounds of equal updates, or
/// of a single one, change nothing.
struct PrincipalDirection: Sendable {
  /// d values of length 1; `nil` before updates differed.
  private(set) var values: [Float]?
  private var mean: [Float] = []
  /// The number of rounds seen.
  private var roundCount = 0

  /// Takes in the updates of a round.
  ///
  /// - Complexity: O(h d), in the first round O(n² d).
  mutating func observe(_ updates: HonestUpdates, pool: WorkPool) {
    guard let average = updates.mean(pool: pool) else { return }
    let share = 1 / Double(roundCount + 1)
    mean =
      mean.isEmpty
      ? average
      : zip(mean, average).map { Float(Double($0) + share * (Double($1) - Double($0))) }
    guard let direction = values else {
      values = Self.leading(updates, average, pool: pool)
      roundCount += 1
      return
    }
    let own = Float.dot(mean.span, direction.span)
    let products = updates.all.products(with: direction, pool: pool)
    var weights = [Double](repeating: 0, count: updates.all.rowCount)
    for row in updates.rows { weights[row] = products[row] - own }
    if let next = Self.unit(updates.all, weights, mean, pool: pool) {
      let moved = zip(direction, next).map { Double($0) * (1 - share) + $1 * share }
      values = Self.unit(moved)?.map { Float($0) } ?? direction
    }
    roundCount += 1
  }

  mutating func checkpoint(_ pass: inout CheckpointPass, parameterCount: Int) {
    pass.visit(&values, from: []) { $0.visit(&$1, count: parameterCount) }
    pass.visit(&mean, emptyOr: parameterCount)
    pass.visit(natural: &roundCount)
    pass.require(values == nil || !mean.isEmpty, "a direction has no mean")
  }

  /// The leading eigenvector of the Gram matrix of the centered updates, mapped back.
  private static func leading(
    _ updates: HonestUpdates, _ mean: [Float], pool: WorkPool
  ) -> [Float]? {
    let count = updates.rows.count
    let squares = updates.squaredDistances(pool: pool)
    let means = (0..<count).map { row in
      squares[row * count..<(row + 1) * count].reduce(0, +) / Double(count)
    }
    let spread = means.reduce(0, +) / Double(count)
    var gram = squares
    for i in 0..<count {
      for j in 0..<count {
        gram[i * count + j] = (means[i] + means[j] - spread - squares[i * count + j]) / 2
      }
    }
    let pair = LargestEigenpair(gram, order: count)
    guard pair.value > 0 else { return nil }
    var weights = [Double](repeating: 0, count: updates.all.rowCount)
    for (index, row) in updates.rows.enumerated() { weights[row] = pair.vector[index] }
    return unit(updates.all, weights, mean, pool: pool)?.map { Float($0) }
  }

  /// Σ w_i (Δ_i − μ) at length 1; `nil` where it is zero.
  private static func unit(
    _ rows: Matrix<Float>, _ weights: [Double], _ mean: [Float], pool: WorkPool
  ) -> [Double]? {
    var sum = [Double](repeating: 0, count: rows.columnCount)
    rows.combine(weights, pool: pool, into: &sum)
    let total = weights.reduce(0, +)
    for column in sum.indices { sum[column] -= total * Double(mean[column]) }
    return unit(sum)
  }

  private static func unit(_ vector: [Double]) -> [Double]? {
    let norm = Double.squaredNorm(vector.span).squareRoot()
    return norm > 0 && norm.isFinite ? vector.map { $0 / norm } : nil
  }
}
