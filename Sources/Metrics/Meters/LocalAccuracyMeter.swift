public import Federation
public import Simulation
import Statistics

/// How much worse the malicious local models are on clean data than the honest ones.
///
/// Per window round in which local models were evaluated: mean accuracy of `global + row` over the
/// malicious rows minus that over the honest rows; left out where either kind is missing or all rows
/// are equal. Pooled: the mean of these rounds, so that each comparison is within one round, and
/// their number.
///
/// Source: Bhagoji et al., ICML 2019.
public struct LocalAccuracyMeter: RoundMeter {
  static let id = "stealth.accuracy-gap"
  static let rounds = "stealth.accuracy-gap.rounds"

  public static let series = [id]

  private var gaps: [Double] = []
  private var sawWindow = false

  public init(_ setup: MeterSetup) {}

  public mutating func observe(_ observation: RoundObservation) -> [String: Double] {
    guard observation.isInWindow else { return [:] }
    sawWindow = true
    guard let accuracy = observation.localAccuracy, observation.updates.hasDifferentRows else {
      return [:]
    }
    func mean(ofActing isActing: Bool) -> Double? {
      Moments.mean(zip(accuracy, observation.isActing).filter { $0.1 == isActing }.map(\.0))
    }
    guard let malicious = mean(ofActing: true), let honest = mean(ofActing: false) else {
      return [:]
    }
    gaps.append(malicious - honest)
    return [Self.id: malicious - honest]
  }

  public mutating func finish() -> [String: Double] {
    guard sawWindow else { return [:] }
    var figures = [Self.rounds: Double(gaps.count)]
    figures[Self.id] = Moments.mean(gaps)
    return figures
  }

  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.visit(&sawWindow)
    pass.visit(&gaps)
  }
}
