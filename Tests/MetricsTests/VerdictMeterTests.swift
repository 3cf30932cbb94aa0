import Federation
import Simulation
import Testing

@testable import Metrics

@Suite struct VerdictMeterTests {
  private let setup = MeterSetup(rounds: 4, classCount: 2, parameterCount: 1)

  private func verdicts(_ round: Fixture.Detection.Round) -> [Verdict] {
    round.malicious.indices.map {
      Verdict(
        round.flagged[$0] ? .rejected : .accepted, weight: round.weights[$0],
        suspicion: round.suspicion[$0])
    }
  }

  @Test func figuresAgreeWithTheReference() throws {
    for entry in try Fixture.load().detection {
      var meter = VerdictMeter(setup)
      for (index, round) in entry.rounds.enumerated() {
        let figures = meter.observe(
          .sample(
            rows: round.malicious.map { _ in [0] }, malicious: round.malicious,
            verdicts: verdicts(round)))
        #expect(agree(figures["detection.auc"], entry.expected.aucPerRound[index]))
        #expect(
          agree(figures["detection.weight-share"], entry.expected.weightShare.perRound[index]))
      }
      var trace = TrialTrace.curves(
        accuracy: [0.5], window: 0..<1, goal: .degrade, declaresMalicious: true)
      trace.summary = meter.finish()
      let outcomes = DetectionMetrics.evaluate(
        TrialEvidence(trial: trace, twin: trace, undefendedTwin: nil, undefended: nil))
      let expected = entry.expected
      let pairs: [(String, Double?)] = [
        ("flagged.tpr", expected.flagged.tpr), ("flagged.fpr", expected.flagged.fpr),
        ("flagged.precision", expected.flagged.precision), ("flagged.f1", expected.flagged.f1),
        ("excluded.tpr", expected.excluded.tpr), ("excluded.fpr", expected.excluded.fpr),
        ("auc", expected.auc), ("weight-share", expected.weightShare.mean),
      ]
      for (name, value) in pairs {
        #expect(agree(outcomes["detection." + name]?.number, value), "\(entry.name) \(name)")
      }
    }
  }

  @Test func droppedClientsCountAsHeadsWithoutWeight() {
    var meter = VerdictMeter(setup)
    let half = Verdict(.accepted, weight: 0.5)
    let figures = meter.observe(
      .sample(
        rows: [[0], [0]], malicious: [true, false], droppedMalicious: 1, droppedHonest: 1,
        verdicts: [half, half]))
    // Half of the weight, and two of four clients.
    #expect(figures["detection.weight-share"] == 1)
    #expect(figures["detection.auc"] == nil)
    let alone = meter.observe(
      .sample(
        rows: [[0]], malicious: [false], droppedMalicious: 1,
        verdicts: [Verdict(.accepted, weight: 1)]))
    #expect(alone["detection.weight-share"] == 0)
  }

  @Test func suspicionsThatAreNoNumbersAreLeftOut() {
    var meter = VerdictMeter(setup)
    let suspicions = [2, .nan, 1, nil]
    let figures = meter.observe(
      .sample(
        rows: [[0], [0], [0], [0]], malicious: [true, false, false, true],
        verdicts: suspicions.map { Verdict(.accepted, weight: 0.25, suspicion: $0) }))
    #expect(figures["detection.auc"] == 1)
  }

  @Test func flagsCountInTheTwinOverAllClients() {
    var meter = VerdictMeter(setup)
    _ = meter.observe(
      .sample(
        rows: [[0], [0], [0], [0]], malicious: [true, false, false, false],
        verdicts: [
          Verdict(.rejected, weight: 0), Verdict(.rejected, weight: 0),
          Verdict(.accepted, weight: 0.5), Verdict(.accepted, weight: 0.5),
        ]))
    var twin = TrialTrace.curves(
      accuracy: [0.5], window: 0..<1, goal: .none, declaresMalicious: true)
    twin.summary = meter.finish()
    let evidence = TrialEvidence(trial: twin, twin: twin, undefendedTwin: nil, undefended: nil)
    #expect(DetectionMetrics.evaluate(evidence)["detection.clean-fpr"] == .value(0.5))
  }

  @Test func rulesThatDeclareNobodyHaveNoFlaggedRates() {
    var trace = TrialTrace.curves(accuracy: [0.5], window: 0..<1, goal: .degrade)
    trace.summary = WindowCounts().figures
    let outcomes = DetectionMetrics.evaluate(
      TrialEvidence(trial: trace, twin: trace, undefendedTwin: nil, undefended: nil))
    for id in ["flagged.tpr", "flagged.fpr", "flagged.precision", "flagged.f1", "clean-fpr"] {
      #expect(outcomes["detection." + id] == .absent("the rule declares nobody malicious"))
    }
  }
}

extension MetricOutcome {
  /// The number, be it censored or not.
  var number: Double? {
    switch self {
    case .value(let value), .censored(let value): value
    case .absent: nil
    }
  }
}
