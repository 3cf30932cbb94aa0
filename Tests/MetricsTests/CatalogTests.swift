import Federation
import Simulation
import Testing

@testable import Metrics

/// What every metric, meter and flag has to keep, whatever the trial was like.
@Suite struct CatalogTests {
  enum Kind: String, CaseIterable, CustomTestStringConvertible {
    case backdoor
    case sourceBackdoor
    case untargeted
    case labelFlip
    case none
    case noAttackers
    case noBackdoor
    case emptyWindow
    case windowToTheEnd
    case noTwin
    case allDropped
    case nobodyHonest
    case noTestExamples
    case noMeters
    case dead

    var testDescription: String { rawValue }
  }

  private func evidence(_ kind: Kind) throws -> TrialEvidence {
    let backdoor = try #require(Backdoor.sample(source: kind == .sourceBackdoor ? 1 : nil))
    let goal: AttackGoal =
      switch kind {
      case .untargeted, .allDropped: .degrade
      case .labelFlip: .misclassify(source: 1)
      case .none, .noAttackers: .none
      default: .backdoor(backdoor)
      }
    let trial = trace(kind, goal: goal, backdoor: backdoor, success: [0.1, 0.9, 0.8, 0.7, 0.6])
    let twin = trace(kind, goal: .none, backdoor: backdoor, success: [0.1, 0.1, 0.1, 0.1, 0.1])
    return TrialEvidence(
      trial: kind == .none ? twin : trial, twin: kind == .noTwin ? nil : twin,
      undefendedTwin: kind == .noTwin ? nil : twin, undefended: kind == .noTwin ? nil : trial)
  }

  private func trace(
    _ kind: Kind, goal: AttackGoal, backdoor: Backdoor, success: [Double]
  ) -> TrialTrace {
    let known = kind == .noBackdoor ? nil : backdoor
    let window = kind == .emptyWindow ? 2..<2 : kind == .windowToTheEnd ? 1..<5 : 1..<2
    let evaluations = success.map { rate in
      kind == .noTestExamples
        ? Evaluation(examples: [0, 0], correct: [0, 0], triggered: [:])
        : Evaluation.rates(accuracy: 1 - rate, success: rate, backdoor: known)
    }
    var meters = builtInMeters.map { type in
      type.init(MeterSetup(rounds: 5, classCount: 2, parameterCount: 3, backdoor: known))
    }
    var rounds: [TrialTrace.Round] = []
    for (round, evaluation) in evaluations.enumerated() {
      let observation = observation(kind, window.contains(round), evaluation)
      var figures: [String: Double] = [:]
      for index in meters.indices {
        figures.merge(meters[index].observe(observation)) { $1 }
      }
      rounds.append(.init(evaluation: evaluation, figures: figures, droppedCount: 0))
    }
    var trace = TrialTrace(
      rounds: rounds, window: window, classCount: 2, goal: goal, backdoor: known,
      declaresMalicious: kind == .untargeted)
    guard kind != .noMeters else { return trace }
    for index in meters.indices { trace.summary.merge(meters[index].finish()) { $1 } }
    return trace
  }

  private func observation(
    _ kind: Kind, _ isInWindow: Bool, _ evaluation: Evaluation
  ) -> RoundObservation {
    let rows: [[Float]] =
      kind == .dead
      ? .init(repeating: [0, 0, 0], count: 4)
      : [[1, 0, 2], [0, 1, -1], [2, 2, 0.5], [1, 1, 1]]
    let isAttacked = kind != .allDropped && kind != .noAttackers
    return .sample(
      rows: rows,
      malicious: kind == .nobodyHonest
        ? [true, true, true, true] : [isAttacked, false, false, false],
      droppedMalicious: kind == .allDropped ? 1 : 0,
      verdicts: rows.indices.map {
        Verdict(
          $0 == 0 ? .rejected : .accepted, weight: $0 == 0 ? 0 : 1 / 3,
          suspicion: kind == .dead ? 0 : Double($0))
      },
      aggregate: [1, 1, 1], isInWindow: isInWindow, localAccuracy: [0.5, 0.6, 0.7, 0.8],
      evaluation: evaluation)
  }

  @Test(arguments: Kind.allCases)
  func everyIdHasAFiniteValueOrAReason(kind: Kind) throws {
    let evidence = try evidence(kind)
    for metric in builtInMetrics {
      let outcomes = metric.evaluate(evidence)
      let ids = metric.manifests.flatMap { manifest in
        manifest.id.hasSuffix(".<c>")
          ? (0..<2).map { manifest.id.dropLast(3) + "\($0)" } : [manifest.id]
      }
      #expect(Set(outcomes.keys) == Set(ids), "\(metric)")
      for (id, outcome) in outcomes {
        switch outcome {
        case .value(let value), .censored(let value): #expect(value.isFinite, "\(id)")
        case .absent(let reason): #expect(!reason.isEmpty, "\(id)")
        }
      }
    }
  }

  @Test(arguments: Kind.allCases)
  func metersReportTheirSeriesOnly(kind: Kind) throws {
    let ids = builtInMeters.flatMap { $0.series }
    for round in try evidence(kind).trial.rounds {
      #expect(Set(round.figures.keys).isSubset(of: ids))
      #expect(round.figures.values.allSatisfy { $0.isFinite })
    }
  }

  @Test func everyIdOfTheSpecificationIsProduced() {
    let ids = [
      "accuracy.final", "accuracy.stop", "accuracy.train", "accuracy.drop", "accuracy.drop.peak",
      "accuracy.class.<c>", "accuracy.source-class", "defense.cost", "asr.stop", "asr.final",
      "asr.peak", "asr.window", "asr.correct", "asr.base", "asr.excess", "robust-accuracy.stop",
      "target-confidence",
      "stealth.norm-ratio", "stealth.cosine", "stealth.distance-percentile", "stealth.krum-rank",
      "stealth.outlier-share", "stealth.sign-balance", "stealth.ks", "stealth.detectability",
      "stealth.detectability-null", "stealth.score", "stealth.accuracy-gap",
      "persistence.retention", "persistence.lifespan", "persistence.half-life", "persistence.auc",
      "persistence.recovery", "detection.flagged.tpr", "detection.flagged.fpr",
      "detection.flagged.precision", "detection.flagged.f1", "detection.excluded.tpr",
      "detection.excluded.fpr", "detection.auc", "detection.weight-share", "detection.clean-fpr",
      "influence.deviation", "influence.kappa", "cost.seconds", "cost.train", "cost.attack",
      "cost.attack-ratio", "cost.defense", "cost.bytes", "stealth.rounds",
      "stealth.accuracy-gap.rounds", "detection.rounds",
      "detection.auc.rounds", "influence.rounds", "threat.f-exceeded", "threat.malicious-majority",
      "accuracy.chance", "accuracy.drop.source-class", "certified.accuracy",
      "certified.magnitude", "certified.radius.median", "asr.control", "trigger.pixels",
      "trigger.l2", "fairness.worst-clients", "fairness.gap", "fairness.rejected-skew",
    ]
    let produced = builtInMetrics.flatMap { $0.manifests.map(\.id) }
    #expect(Set(produced) == Set(ids))
    #expect(produced.count == ids.count)
  }

  @Test func gatesAreThoseOfTheSpecification() {
    var gates: [String: Double] = [:]
    for manifest in builtInMetrics.flatMap({ $0.manifests }) {
      gates[manifest.id] = manifest.gateTolerance
    }
    #expect(
      gates == [
        "accuracy.stop": 0.01, "accuracy.final": 0.01, "asr.stop": 0.02, "asr.final": 0.02,
        "persistence.auc": 0.02, "stealth.score": 0.05, "detection.auc": 0.03,
        "detection.weight-share": 0.05, "defense.cost": 0.01,
      ])
  }

  @Test func theListsAreSorted() {
    let meters = builtInMeters.map { "\($0)" }
    let metrics = builtInMetrics.map { "\($0)" }
    let flags = builtInFlags.map { $0.id }
    #expect(meters == meters.sorted())
    #expect(metrics == metrics.sorted())
    #expect(flags == flags.sorted())
    #expect(Set(flags).count == flags.count)
  }

  @Test func theAttackNoneIsItsOwnTwin() throws {
    let evidence = try evidence(.none)
    #expect(AccuracyMetrics.evaluate(evidence)["accuracy.drop"] == .value(0))
    #expect(AccuracyMetrics.evaluate(evidence)["accuracy.drop.peak"] == .value(0))
    #expect(AttackSuccessRate.evaluate(evidence)["asr.excess"] == .value(0))
    let stealth = StealthMetrics.evaluate(evidence)
    #expect(stealth["stealth.detectability"] == stealth["stealth.detectability-null"])
    #expect(stealth["stealth.score"] == .value(1))
    #expect(stealth["stealth.norm-ratio"]?.number != nil)
  }

  @Test func aDeadModelHasNoFiguresAndSaysSo() throws {
    let evidence = try evidence(.dead)
    let stealth = StealthMetrics.evaluate(evidence)
    let detection = DetectionMetrics.evaluate(evidence)
    for id in ["stealth.detectability", "stealth.score", "stealth.norm-ratio", "stealth.ks"] {
      #expect(stealth[id] == .absent(Absence.nothingSeen), "\(id)")
    }
    #expect(detection["detection.auc"] == .absent(Absence.nothingSeen))
    #expect(detection["detection.weight-share"] == .absent(Absence.nothingSeen))
    #expect(detection["detection.excluded.tpr"]?.number == nil)
    for id in ["stealth.rounds", "stealth.accuracy-gap.rounds"] {
      #expect(stealth[id] == .value(0))
    }
    for id in ["detection.rounds", "detection.auc.rounds"] { #expect(detection[id] == .value(0)) }
    #expect(InfluenceMetrics.evaluate(evidence)["influence.rounds"] == .value(0))
  }

  @Test func droppedAttackersAreDetectableAndHaveNoRows() throws {
    let stealth = StealthMetrics.evaluate(try evidence(.allDropped))
    #expect(stealth["stealth.detectability"] == .value(1))
    guard case .absent(let reason) = stealth["stealth.norm-ratio"] else {
      Issue.record("a client without a row has a norm")
      return
    }
    #expect(reason.contains("dropped"))
  }
}
