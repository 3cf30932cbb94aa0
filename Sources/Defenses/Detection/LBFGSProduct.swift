import Determinism
import Kernels
import Statistics

/// What a step of the model did to the updates: one pair of differences.
struct SecantPair: Sendable {
  /// The difference of two successive models, d values, not all 0.
  let step: [Double]
  /// The difference of their aggregates, d values.
  let change: [Double]

  private let length: Double

  /// Creates a pair; `nil` where the step is zero or a value is not finite.
  init?(step: [Double], change: [Double]) {
    precondition(step.count == change.count, "\(step.count) values against \(change.count)")
    length = Double.squaredNorm(step.span).squareRoot()
    guard length > 0, length.isFinite, Double.squaredNorm(change.span).isFinite else { return nil }
    self.step = step
    self.change = change
  }

  /// 1 / ‖step‖: dividing both halves of a pair by one number changes no product but its rounding.
  var scale: Double { 1 / length }
}

/// The product of an L-BFGS approximation with a vector of d values.
///
/// Pairs are scaled to unit steps first; see ``CompactLBFGS`` for the definition.
///
/// *Determinism*: each inner product is a block-wise reduction; sums over pairs run from the oldest.
struct LBFGSProduct {
  /// Multiplies the approximation with a vector.
  ///
  /// - Parameters:
  ///   - pairs: The pairs, oldest first; at least one.
  ///   - vector: The vector v, d values.
  ///   - pool: The threads to use.
  /// - Returns: d values; `nil` where the small system is singular or the result is not finite.
  /// - Complexity: O(m² d) for m pairs.
  static func product(of pairs: [SecantPair], with vector: [Double], pool: WorkPool) -> [Double]? {
    let m = pairs.count
    let scales = pairs.map(\.scale)
    let stepProducts = pool.map(m * m) { index in
      let (i, j) = (index / m, index % m)
      return dot(pairs[i].step, pairs[j].step) * scales[i] * scales[j]
    }
    let mixedProducts = pool.map(m * m) { index in
      let (i, j) = (index / m, index % m)
      return dot(pairs[i].step, pairs[j].change) * scales[i] * scales[j]
    }
    let stepParts = pool.map(m) { dot(pairs[$0].step, vector) * scales[$0] }
    let changeParts = pool.map(m) { dot(pairs[$0].change, vector) * scales[$0] }
    guard
      let compact = CompactLBFGS(
        stepProducts: stepProducts, mixedProducts: mixedProducts, stepParts: stepParts,
        changeParts: changeParts)
    else { return nil }
    var result = vector
    for i in result.indices { result[i] *= compact.sigma }
    var target = result.mutableSpan
    for (index, pair) in pairs.enumerated() {
      Double.axpy(-compact.changes[index] * scales[index], pair.change.span, into: &target)
      Double.axpy(-compact.steps[index] * scales[index], pair.step.span, into: &target)
    }
    return Double.squaredNorm(result.span).isFinite ? result : nil
  }

  private static func dot(_ x: [Double], _ y: [Double]) -> Double { Double.dot(x.span, y.span) }
}
