import Federation
import Metrics
import Simulation

/// The meters that the faulty metrics read; they run beside the right ones.
let faultyMeters: [any RoundMeter.Type] = [TieMeter.self, HeadlessMeter.self]

/// Measures what ``AreaWithoutTies`` takes for the AUROC of the suspicion scores.
struct TieMeter: RoundMeter {
  static let series: [String] = []
  private var areas: [Double] = []

  init(_: MeterSetup) {}

  mutating func observe(_ observation: RoundObservation) -> [String: Double] {
    guard observation.isInWindow else { return [:] }
    var malicious: [Double] = []
    var honest: [Double] = []
    for (client, isMalicious) in zip(observation.clients, observation.isControlled) {
      guard let suspicion = observation.verdicts[client]?.suspicion else { continue }
      if isMalicious { malicious.append(suspicion) } else { honest.append(suspicion) }
    }
    guard !malicious.isEmpty && !honest.isEmpty else { return [:] }
    let wins = malicious.reduce(0) { sum, score in sum + honest.count { $0 < score } }
    areas.append(Double(wins) / Double(malicious.count * honest.count))
    return [:]
  }

  func finish() -> [String: Double] {
    guard !areas.isEmpty else { return [:] }
    let mean = areas.reduce(0, +) / Double(areas.count)
    return [AreaWithoutTies.name + ":detection.auc": mean]
  }
}

/// Measures what ``WeightShareOfAll`` takes for the weight share.
struct HeadlessMeter: RoundMeter {
  static let series: [String] = []
  private var base: VerdictMeter
  private var head = 1.0

  init(_ setup: MeterSetup) { base = VerdictMeter(setup) }

  mutating func observe(_ observation: RoundObservation) -> [String: Double] {
    _ = base.observe(observation)
    head = Double(observation.isControlled.count { $0 }) / Double(observation.clients.count)
    return [:]
  }

  mutating func finish() -> [String: Double] {
    guard let share = base.finish()["detection.weight-share"] else { return [:] }
    return [WeightShareOfAll.name + ":detection.weight-share": share * head]
  }
}
