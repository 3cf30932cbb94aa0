import Federation
import Metrics
import Simulation

/// The meters of a replay: those of the engine, fed with recorded rounds.
struct ReplayMeasures {
  private var meters: [any RoundMeter]
  private(set) var rounds: [TrialTrace.Round] = []
  private(set) var hasWindow = false

  private init(_ meters: [any RoundMeter]) { self.meters = meters }

  /// What depends on the defense: verdicts, influence and the number of attackers.
  static func ofDefense(_ setup: MeterSetup) -> ReplayMeasures {
    ReplayMeasures([InfluenceMeter(setup), ThreatMeter(setup), VerdictMeter(setup)])
  }

  /// What the rows say whatever the defense; who took part tells why a figure is missing.
  static func ofRows(_ setup: MeterSetup) -> ReplayMeasures {
    ReplayMeasures([UpdateMeter(setup), VerdictMeter(setup)])
  }

  /// Takes a round and returns its series.
  @discardableResult
  mutating func observe(_ round: RoundObservation) -> [String: Double] {
    hasWindow = hasWindow || round.isInWindow
    var figures: [String: Double] = [:]
    for index in meters.indices { figures.merge(meters[index].observe(round)) { _, new in new } }
    rounds.append(
      TrialTrace.Round(evaluation: nil, figures: figures, droppedCount: round.dropped.count))
    return figures
  }

  /// The trace that the metrics of a trial are made of.
  func trace(declaresMalicious: Bool) -> TrialTrace {
    var meters = self.meters
    var trace = TrialTrace(
      rounds: rounds, window: 0..<(hasWindow ? rounds.count : 0), classCount: 0, goal: .degrade,
      backdoor: nil, declaresMalicious: declaresMalicious)
    for index in meters.indices { trace.summary.merge(meters[index].finish()) { _, new in new } }
    return trace
  }
}

/// The metrics of a replay, by the engine's code.
enum ReplayMetrics {
  /// Detection, influence and threat of a defense; `clean` is it on the honest rows alone.
  static func ofDefense(_ trace: TrialTrace, clean: TrialTrace?) -> [String: MetricOutcome] {
    let evidence = TrialEvidence(trial: trace, twin: clean, undefendedTwin: nil, undefended: nil)
    var outcomes = DetectionMetrics.evaluate(evidence)
    outcomes.merge(InfluenceMetrics.evaluate(evidence)) { $1 }
    outcomes.merge(ThreatMetrics.evaluate(evidence)) { $1 }
    if clean == nil { outcomes[cleanRate] = nil }
    return outcomes
  }

  /// The share of clients that are accused where nobody attacks.
  static let cleanRate = "detection.clean-fpr"

  /// Stealth of the malicious rows; what needs a clean twin or models is left out.
  static func ofRows(_ trace: TrialTrace) -> [String: MetricOutcome] {
    let evidence = TrialEvidence(trial: trace, twin: nil, undefendedTwin: nil, undefended: nil)
    return StealthMetrics.evaluate(evidence).filter { id, _ in
      !["-null", ".score", ".accuracy-gap", ".accuracy-gap.rounds"].contains { id.hasSuffix($0) }
    }
  }

  /// The same ids, none of which can be known without a mask.
  static func withoutMask(_ outcomes: [String: MetricOutcome]) -> [String: MetricOutcome] {
    outcomes.mapValues { _ in
      .absent("no round says who is malicious: \(DumpMeta.fileName) has no list of malicious rows")
    }
  }
}
