import Metrics
import Simulation

/// A family of metrics that misreads what a trial left behind.
protocol FaultyMetric: Metric {
  associatedtype Right: Metric
  /// The fault's name.
  static var name: String { get }
  /// Returns the trace as the faulty metric takes it to be.
  static func misread(_ trace: TrialTrace) -> TrialTrace
}

extension FaultyMetric {
  static var manifests: [MetricManifest] { Right.manifests }

  static func evaluate(_ evidence: TrialEvidence) -> [String: MetricOutcome] {
    Right.evaluate(
      TrialEvidence(
        trial: misread(evidence.trial), twin: evidence.twin.map(misread),
        undefendedTwin: evidence.undefendedTwin.map(misread),
        undefended: evidence.undefended.map(misread)))
  }

  /// Returns the metrics with this one in the place of the right one.
  static var planted: MetricCatalog {
    var catalog = MetricCatalog.builtIn
    catalog.metrics = catalog.metrics.map { $0 == Right.self ? Self.self : $0 }
    catalog.meters += faultyMeters
    return catalog
  }
}

/// Gives a faulty metric's values under ids of their own, so that one run serves many faults.
enum Beside<Wrong: FaultyMetric>: Metric {
  static var manifests: [MetricManifest] {
    Wrong.manifests.map {
      MetricManifest(
        id: Wrong.name + ":" + $0.id, definition: $0.definition, unit: $0.unit, range: $0.range,
        better: $0.better)
    }
  }

  static func evaluate(_ evidence: TrialEvidence) -> [String: MetricOutcome] {
    .init(
      uniqueKeysWithValues: Wrong.evaluate(evidence).map { (Wrong.name + ":" + $0.key, $0.value) })
  }
}

extension TrialTrace {
  /// Returns the trace with other rounds.
  func withRounds(_ rounds: [Round]) -> TrialTrace {
    var copy = self
    copy.rounds = rounds
    return copy
  }

  /// Returns the trace with some pooled figures replaced by those that a faulty meter left.
  func withFigures(of name: String) -> TrialTrace {
    var copy = self
    for (id, value) in summary where id.hasPrefix(name + ":") {
      copy.summary[String(id.dropFirst(name.count + 1))] = value
    }
    return copy
  }

  /// Returns the trace with a window that stops one round earlier.
  func endingEarlier() -> TrialTrace {
    var copy = TrialTrace(
      rounds: rounds, window: window.lowerBound..<max(window.lowerBound, window.upperBound - 1),
      classCount: classCount, goal: goal, backdoor: backdoor, declaresMalicious: declaresMalicious)
    copy.summary = summary
    copy.trainingAccuracy = trainingAccuracy
    copy.honestAccuracies = honestAccuracies
    copy.isDiverged = isDiverged
    copy.resolved = resolved
    copy.parametersDigest = parametersDigest
    return copy
  }
}
