public import Simulation
import Statistics

/// How much worse the malicious local models are on clean data than the honest ones.
///
/// Per window round in which local models were evaluated: mean accuracy of `global + row` over the
/// malicious rows minus that over the honest rows; left out where either kind is missing. Pooled:
/// the mean of these rounds, so that each comparison is within one round.
///
/// Source: Bhagoji et al., ICML 2019.
public struct LocalAccuracyMeter: RoundMeter {
  static let id = "stealth.accuracy-gap"

  public static let series = [id]

  private var gaps: [Double] = []

  public init(_ setup: MeterSetup) {}

  public mutating func observe(_ observation: RoundObservation) -> [String: Double] {
    guard observation.isInWindow, let accuracy = observation.localAccuracy else { return [:] }
    func mean(ofControlled isControlled: Bool) -> Double? {
      Moments.mean(
        zip(accuracy, observation.isControlled).filter { $0.1 == isControlled }.map(\.0))
    }
    guard let malicious = mean(ofControlled: true), let honest = mean(ofControlled: false) else {
      return [:]
    }
    gaps.append(malicious - honest)
    return [Self.id: malicious - honest]
  }

  public mutating func finish() -> [String: Double] {
    Moments.mean(gaps).map { [Self.id: $0] } ?? [:]
  }
}
