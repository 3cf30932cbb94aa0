import Datasets
import Determinism
import Federation
import Kernels
import Tensors
import Training

/// What the last hidden layer of each client's model makes of some examples.
///
/// Of a model without a hidden layer, where that would be the examples themselves, it is the scores of
/// the classes.
struct LatentRepresentations: Sendable {
  /// The number of values per example.
  let width: Int
  let exampleCount: Int
  /// For each client one row: example by example, `exampleCount` × `width`.
  let values: Matrix<Float>

  /// - Parameters:
  ///   - updates: The rows, as long as the global model.
  ///   - global: The parameters that the clients started from.
  ///   - model: The architecture.
  ///   - examples: What to look at; at least one.
  ///   - pool: The threads to use.
  /// - Complexity: A pass through the model per row and example, with a copy of one row per thread.
  init(
    of updates: Matrix<Float>, global: [Float], model: any Model, examples: Matrix<Float>,
    pool: WorkPool
  ) {
    let count = examples.rowCount
    let hasHiddenLayer = model.layout.segments.contains { $0.role == .weight || $0.role == .bias }
    let width = hasHiddenLayer ? model.featureCount : model.classCount
    var values = Matrix<Float>(rowCount: updates.rowCount, columnCount: count * width)
    values.forEachRow(pool: pool) { _, row, target in
      var parameters = global
      var sum = parameters.mutableSpan
      updates.withRow(row) { Float.axpy(1, $0, into: &sum) }
      var workspace = model.makeWorkspace(batchSize: count)
      if hasHiddenLayer {
        model.features(
          inputs: examples.span, count: count, parameters: parameters.span, into: &target,
          workspace: &workspace)
      } else {
        model.scores(
          inputs: examples.span, count: count, parameters: parameters.span, into: &target,
          workspace: &workspace)
      }
    }
    self.width = width
    self.values = values
    exampleCount = count
  }

  /// The squared maximum mean discrepancies of all pairs of rows, n × n, 0 on the diagonal.
  ///
  /// The unbiased estimate with the kernel exp(−γ ‖u − v‖²); it may be a little below 0. With one example
  /// the means over pairs of different ones are 1. Infinite where a representation is not finite.
  ///
  /// - Complexity: O(n² m² w) for m examples and the width w.
  func discrepancies(gamma: Double, pool: WorkPool) -> [Double] {
    let n = values.rowCount
    let isFinite = (0..<n).map { values.isFinite(row: $0) }
    // Means over all pairs of examples of a row and each row from it on, of one row without equal ones.
    let means = pool.map(n) { first in
      (first..<n).map { second in mean(first, second, gamma: gamma) }
    }
    var found = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in i + 1..<n {
        let value = means[i][0] + means[j][0] - 2 * means[i][j - i]
        found[i * n + j] = isFinite[i] && isFinite[j] ? value : .infinity
        found[j * n + i] = found[i * n + j]
      }
    }
    return found
  }

  /// Has the same bits for two rows in both orders, so that equal rows are equally far from others.
  private func mean(_ first: Int, _ second: Int, gamma: Double) -> Double {
    let m = exampleCount
    guard first != second || m > 1 else { return 1 }
    return values.withRow(first) { x in
      values.withRow(second) { y in
        var sum = 0.0
        for i in 0..<m {
          if first != second { sum += kernel(x, i, y, i, gamma: gamma) }
          for j in i + 1..<m {
            sum += kernel(x, i, y, j, gamma: gamma) + kernel(x, j, y, i, gamma: gamma)
          }
        }
        return sum / Double(first == second ? m * (m - 1) : m * m)
      }
    }
  }

  private func kernel(
    _ x: Span<Float>, _ i: Int, _ y: Span<Float>, _ j: Int, gamma: Double
  ) -> Double {
    let point = x.extracting(i * width..<(i + 1) * width)
    let other = y.extracting(j * width..<(j + 1) * width)
    return ElementaryFunctions.exp(-gamma * Float.squaredDistance(point, other))
  }
}
