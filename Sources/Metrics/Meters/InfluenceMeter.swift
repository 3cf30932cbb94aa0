import Determinism
import Kernels
public import Simulation
import Statistics
import Tensors

/// How far the aggregate of a window round is from the mean of its honest rows.
///
/// `norm(aggregate - honest mean) / norm(honest mean)`, with the mean rounded to `Float` as an
/// aggregate is, and norms in `Double`. Left out where there is no finite aggregate, nobody malicious
/// or nobody honest took part, or the honest mean is 0. Pooled: the median over rounds, and their
/// number.
///
/// - Complexity: O(n d) per round; one buffer of d values, kept.
public struct InfluenceMeter: RoundMeter {
  static let id = "influence.deviation"
  static let rounds = "influence.rounds"

  public static let series = [id]

  private var mean: [Float]
  private var deviations: [Double] = []
  private var sawWindow = false

  public init(_ setup: MeterSetup) {
    mean = [Float](repeating: 0, count: setup.parameterCount)
  }

  public mutating func observe(_ observation: RoundObservation) -> [String: Double] {
    guard observation.isInWindow else { return [:] }
    sawWindow = true
    guard RoundKinds(observation).areBothThere, let aggregate = observation.aggregate,
      let deviation = deviation(of: aggregate, in: observation)
    else { return [:] }
    deviations.append(deviation)
    return [Self.id: deviation]
  }

  public mutating func finish() -> [String: Double] {
    guard sawWindow else { return [:] }
    var figures = [Self.rounds: Double(deviations.count)]
    figures[Self.id] = Median.of(deviations)
    return figures
  }

  private mutating func deviation(
    of aggregate: [Float], in observation: RoundObservation
  ) -> Double? {
    let honestCount = observation.isActing.count { !$0 }
    let weights = observation.isActing.map { $0 ? 0 : 1 / Double(honestCount) }
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
