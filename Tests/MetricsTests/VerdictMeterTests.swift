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

  private func verdicts(_ weights: [Double], suspicions: [Double?]) -> [Verdict] {
    zip(weights, suspicions).map {
      Verdict($0 == 0 ? .rejected : .accepted, weight: $0, suspicion: $1)
    }
  }

  @Test func roundsInWhichNothingCouldBeSeenAreLeftOutAndCounted() {
    var meter = VerdictMeter(setup)
    let malicious = [true, false, false]
    let seen = meter.observe(
      .sample(
        rows: [[9], [1], [2]], malicious: malicious,
        verdicts: verdicts([0, 0.5, 0.5], suspicions: [3, 1, 2])))
    #expect(seen["detection.auc"] == 1)
    // Zero updates, and a rule that takes the first of equals.
    for _ in 0..<2 {
      let figures = meter.observe(
        .sample(
          rows: [[0], [0], [0]], malicious: malicious,
          verdicts: verdicts([1, 0, 0], suspicions: [0, 0, 0])))
      #expect(figures.isEmpty)
    }
    let summary = meter.finish()
    #expect(summary["detection.auc"] == 1)
    #expect(summary["detection.auc.rounds"] == 1)
    #expect(summary["detection.rounds"] == 1)
    #expect(summary["detection.weight-share"] == 0)
    let counts = WindowCounts(summary)
    #expect(counts?.flagged.truePositiveRate == 1)
    #expect(counts?.flagged.falsePositiveRate == 0)
    #expect(counts?.excluded.falsePositiveRate == 0)
  }

  @Test func whatARuleRemembersCountsAmongEqualRows() {
    var meter = VerdictMeter(setup)
    let figures = meter.observe(
      .sample(
        rows: [[0], [0], [0]], malicious: [true, false, false],
        verdicts: verdicts([0, 0.5, 0.5], suspicions: [2, 1, 1])))
    #expect(figures["detection.auc"] == 1)
    #expect(meter.finish()["detection.rounds"] == 1)
  }

  @Test func roundsOfOneKindGiveRatesOfThatKindOnly() {
    var meter = VerdictMeter(setup)
    for isMalicious in [false, true] {
      let figures = meter.observe(
        .sample(
          rows: [[1], [2]], malicious: [isMalicious, isMalicious],
          verdicts: verdicts([0, 1], suspicions: [1, 0])))
      #expect(figures["detection.flagged." + (isMalicious ? "malicious" : "honest")] == 1)
      #expect(figures["detection.weight-share"] == nil)
    }
    let summary = meter.finish()
    #expect(summary["detection.rounds"] == 0)
    #expect(summary["detection.auc.rounds"] == 0)
    #expect(WindowCounts(summary)?.flagged.falsePositiveRate == 0.5)
    #expect(WindowCounts(summary)?.flagged.truePositiveRate == 0.5)
  }

  @Test func aRoundWithoutRowsDecidedNothing() {
    var meter = VerdictMeter(MeterSetup(rounds: 1, classCount: 2, parameterCount: 0))
    #expect(
      meter.observe(.sample(rows: [], malicious: [], droppedMalicious: 2, droppedHonest: 5))
        .isEmpty)
    #expect(meter.finish()["detection.rounds"] == 0)
  }

  @Test func aRoundOfAttackersAmongDroppedClientsLeftNoChoice() {
    var meter = VerdictMeter(setup)
    #expect(
      meter.observe(
        .sample(
          rows: [[1], [2]], malicious: [true, true], droppedHonest: 5,
          verdicts: verdicts([0.5, 0.5], suspicions: [1, 2]))
      ).isEmpty)
    #expect(meter.finish()["detection.rounds"] == 0)
  }

  @Test func controlledClientsThatDoNotActAreInNeitherKind() {
    var meter = VerdictMeter(setup)
    let figures = meter.observe(
      .sample(
        rows: [[9], [1], [2], [3]], malicious: [true, true, false, false],
        acting: [true, false, false, false],
        verdicts: verdicts([0.5, 0, 0, 0.5], suspicions: [1, 9, 2, 0])))
    #expect(figures["detection.auc"] == 0.5)
    #expect(figures["detection.flagged.malicious"] == 0)
    #expect(figures["detection.flagged.honest"] == 1)
    // Half of the weight of one of three clients.
    #expect(figures["detection.weight-share"] == 1.5)
  }

  @Test func aRuleThatFollowsClientsMayAccuseThemLater() {
    let setup = MeterSetup(rounds: 3, classCount: 2, parameterCount: 1, followsClients: true)
    var meter = VerdictMeter(setup)
    func flagged(acting: [Bool]) -> Double? {
      meter.observe(
        .sample(
          rows: [[9], [1], [2], [3]], malicious: [true, true, false, false], acting: acting,
          verdicts: verdicts([0, 0, 0.5, 0.5], suspicions: [2, 2, 1, 1]))
      )["detection.flagged.malicious"]
    }
    #expect(flagged(acting: [false, false, false, false]) == 0)
    #expect(flagged(acting: [true, false, false, false]) == 1)
    #expect(flagged(acting: [false, false, false, false]) == 1)
    #expect(flagged(acting: [false, true, false, false]) == 2)
    let summary = meter.finish()
    #expect(summary["detection.rounds"] == 3)
    #expect(WindowCounts(summary)?.flagged.truePositiveRate == 1)
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
        rows: [[1], [2], [3], [4]], malicious: [true, false, false, false],
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
