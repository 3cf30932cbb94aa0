import Determinism
public import Federation
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
/// Its square is also taken relative to the honest rows' mean squared distance from their mean, which
/// does not depend on where zero lies: κ. Left out likewise, but where that distance is 0. Pooled: the
/// largest over rounds.
///
/// - Complexity: O(n d) per round; one buffer of d values, kept.
public struct InfluenceMeter: RoundMeter {
  static let id = "influence.deviation"
  static let kappa = "influence.kappa"
  static let rounds = "influence.rounds"

  public static let series = [id, kappa]

  private var mean: [Float]
  private var deviations: [Double] = []
  private var largestKappa: Double?
  private var sawWindow = false

  public init(_ setup: MeterSetup) {
    mean = [Float](repeating: 0, count: setup.parameterCount)
  }

  public mutating func observe(_ observation: RoundObservation) -> [String: Double] {
    guard observation.isInWindow else { return [:] }
    sawWindow = true
    guard RoundKinds(observation).areBothThere, let aggregate = observation.aggregate else {
      return [:]
    }
    average(observation)
    let distance = Float.squaredDistance(aggregate.span, mean.span)
    var figures: [String: Double] = [:]
    if let deviation = Self.ratio(distance, Float.squaredNorm(mean.span))?.squareRoot() {
      deviations.append(deviation)
      figures[Self.id] = deviation
    }
    if let kappa = Self.ratio(distance, spread(of: observation)) {
      largestKappa = max(largestKappa ?? 0, kappa)
      figures[Self.kappa] = kappa
    }
    return figures
  }

  public mutating func finish() -> [String: Double] {
    guard sawWindow else { return [:] }
    var figures = [Self.rounds: Double(deviations.count)]
    figures[Self.id] = Median.of(deviations)
    figures[Self.kappa] = largestKappa
    return figures
  }

  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.visit(&sawWindow)
    pass.visit(&deviations)
    pass.visit(&largestKappa, from: 0) { $0.visit(&$1) }
  }

  /// Takes the average of the honest rows.
  private mutating func average(_ observation: RoundObservation) {
    let honestCount = observation.isActing.count { !$0 }
    let weights = observation.isActing.map { $0 ? 0 : 1 / Double(honestCount) }
    let rows = observation.updates
    var target = mean.mutableSpan
    Float.linearCombination(
      rows.span, rowCount: rows.rowCount, columnCount: rows.columnCount,
      weights: weights.span, pool: observation.pool, into: &target)
  }

  /// The honest rows' mean squared distance from their average.
  private func spread(of observation: RoundObservation) -> Double {
    let honest = observation.isActing.indices.filter { !observation.isActing[$0] }
    let squares = observation.pool.map(honest.count) { place in
      observation.updates.withRow(honest[place]) { Float.squaredDistance($0, mean.span) }
    }
    return squares.reduce(0, +) / Double(honest.count)
  }

  private static func ratio(_ square: Double, _ size: Double) -> Double? {
    guard size > 0, (square / size).isFinite else { return nil }
    return square / size
  }
}
