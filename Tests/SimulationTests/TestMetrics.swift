import Federation
import Simulation
import Tensors

extension MetricCatalog {
  /// Metrics of these tests alone.
  static let test = MetricCatalog(meters: [RowMeter.self], metrics: [TestScores.self], flags: [])
}

/// Counts rows.
struct RowMeter: RoundMeter {
  static let series = ["rows", "controlled", "dropped", "accuracy", "cost.seconds"]
  private var total = 0

  init(_: MeterSetup) {}

  mutating func observe(_ observation: RoundObservation) -> [String: Double] {
    total += observation.updates.rowCount
    var figures = [
      "rows": Double(observation.updates.rowCount),
      "controlled": Double(observation.isControlled.count { $0 }),
      "dropped": Double(observation.dropped.count),
      "cost.seconds": observation.seconds.total,
    ]
    figures["accuracy"] = observation.evaluation?.accuracy
    return figures
  }

  mutating func finish() -> [String: Double] { ["rows": Double(total)] }

  mutating func checkpoint(_ pass: inout CheckpointPass) { pass.visit(&total) }

  func operatingCurves() -> [String: [Double]] {
    total == 0 ? [:] : ["rows": (0...20).map { Double($0) / 30 }]
  }
}

/// What a trial, and the trials it is compared to, ended with.
struct TestScores: Metric {
  static let manifests = [
    "rows", "accuracy", "twin", "undefended-twin", "undefended", "backdoor", "bound", "diverged",
  ].map { MetricManifest(id: $0, definition: "", unit: "", range: "", better: .none) }

  static func evaluate(_ evidence: TrialEvidence) -> [String: MetricOutcome] {
    func final(_ trace: TrialTrace?) -> MetricOutcome {
      trace?.rounds.last?.evaluation.map { .value($0.accuracy) } ?? .absent("no such trial")
    }
    let backdoor = evidence.trial.backdoor.flatMap {
      evidence.trial.rounds.last?.evaluation?.triggered[$0]
    }
    return [
      "rows": evidence.trial.summary["rows"].map { .value($0) } ?? .absent("not measured"),
      "accuracy": final(evidence.trial), "twin": final(evidence.twin),
      "undefended-twin": final(evidence.undefendedTwin),
      "undefended": final(evidence.undefended),
      "backdoor": backdoor.map { .value(Double($0.examples)) } ?? .absent("no backdoor"),
      "bound": .censored(Double(evidence.trial.rounds.count)),
      "diverged": .value(evidence.trial.isDiverged ? 1 : 0),
    ]
  }
}
