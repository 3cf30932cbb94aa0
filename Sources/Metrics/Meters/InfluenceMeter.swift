import Determinism
import Kernels
public import Simulation
import Statistics
import Tensors

/// How far the aggregate of a window round is from the mean of its honest rows.
///
/// `norm(aggregate - honest mean) / norm(honest mean)`, with the mean rounded to `Float` as an
/// aggregate is, and norms in `Double`. Left out where there is no finite aggregate, nobody honest
/// took part or the honest mean is 0. Pooled: the median over rounds.
///
/// - Complexity: O(n d) per round; one buffer of d values, kept.
public struct InfluenceMeter: RoundMeter {
  static let id = "influence.deviation"

  public static let series = [id]

  private var mean: [Float]
  private var deviations: [Double] = []

  public init(_ setup: MeterSetup) {
    mean = [Float](repeating: 0, count: setup.parameterCount)
  }

  public mutating func observe(_ observation: RoundObservation) -> [String: Double] {
    guard observation.isInWindow, let aggregate = observation.aggregate,
      let deviation = deviation(of: aggregate, in: observation)
    else { return [:] }
    deviations.append(deviation)
    return [Self.id: deviation]
  }

  public mutating func finish() -> [String: Double] {
    Median.of(deviations).map { [Self.id: $0] } ?? [:]
  }

  private mutating func deviation(
    of aggregate: [Float], in observation: RoundObservation
  ) -> Double? {
    let honestCount = observation.isControlled.count { !$0 }
    guard honestCount > 0 else { return nil }
    let weights = observation.isControlled.map { $0 ? 0 : 1 / Double(honestCount) }
    let rows = observation.updates
    var target = mean.mutableSpan
    Float.linearCombination(
      rows.span, rowCount: rows.rowCount, columnCount: rows.columnCount,
      weights: weights.span, pool: WorkPool(width: 1), into: &target)
    let size = Float.squaredNorm(mean.span)
    guard size > 0 else { return nil }
    let deviation = (Float.squaredDistance(aggregate.span, mean.span) / size).squareRoot()
    return deviation.isFinite ? deviation : nil
  }
}
