import Federation
import Simulation
import Testing

@testable import Metrics

@Suite struct OtherMeterTests {
  @Test func influenceAgreesWithTheReference() throws {
    for entry in try Fixture.load().influence {
      var meter = InfluenceMeter(MeterSetup(rounds: 4, classCount: 2, parameterCount: 6))
      for (index, round) in entry.rounds.enumerated() {
        let figures = meter.observe(
          .sample(
            rows: round.rows.floats, malicious: round.malicious,
            aggregate: round.aggregate.map { Float($0) }))
        #expect(
          agree(figures["influence.deviation"], entry.expected.perRound[index], within: 1e-5))
        #expect(agree(figures["influence.kappa"], entry.expected.kappas[index], within: 1e-5))
      }
      let pooled = meter.finish()
      #expect(
        agree(pooled["influence.deviation"], entry.expected.median, within: 1e-5),
        "\(entry.name)")
      #expect(agree(pooled["influence.kappa"], entry.expected.kappa, within: 1e-5), "\(entry.name)")
    }
  }

  @Test func influenceNeedsAnAggregateAndHonestRows() {
    var meter = InfluenceMeter(MeterSetup(rounds: 1, classCount: 2, parameterCount: 1))
    #expect(meter.observe(.sample(rows: [[1]], malicious: [false])).isEmpty)
    #expect(meter.observe(.sample(rows: [[1]], malicious: [true], aggregate: [1])).isEmpty)
    #expect(meter.observe(.sample(rows: [[1]], malicious: [false], aggregate: [3])).isEmpty)
    #expect(
      meter.observe(.sample(rows: [[5], [1]], malicious: [true, false], aggregate: [3]))
        == ["influence.deviation": 2])
    #expect(
      meter.observe(
        .sample(rows: [[1]], malicious: [false], droppedMalicious: 1, aggregate: [2]))
        == ["influence.deviation": 1])
    #expect(
      meter.observe(.sample(rows: [[0], [0]], malicious: [true, false], aggregate: [0])).isEmpty)
    #expect(meter.finish() == ["influence.deviation": 1.5, "influence.rounds": 2])
  }

  @Test func influenceTakesClientsThatDoNotActAsHonest() {
    var meter = InfluenceMeter(MeterSetup(rounds: 2, classCount: 2, parameterCount: 1))
    let rows: [[Float]] = [[9], [1], [3]]
    let malicious = [true, true, false]
    #expect(
      meter.observe(
        .sample(rows: rows, malicious: malicious, acting: [true, false, false], aggregate: [4]))
        == ["influence.deviation": 1, "influence.kappa": 4])
    #expect(
      meter.observe(
        .sample(rows: rows, malicious: malicious, acting: [false, false, false], aggregate: [4])
      ).isEmpty)
    #expect(meter.finish()["influence.rounds"] == 1)
  }

  @Test func anAggregateThatOverflowedHasNoInfluence() {
    var meter = InfluenceMeter(MeterSetup(rounds: 1, classCount: 2, parameterCount: 1))
    #expect(
      meter.observe(
        .sample(rows: [[1], [2]], malicious: [false, true], aggregate: [.infinity])
      ).isEmpty)
    #expect(meter.finish() == ["influence.rounds": 0])
  }

  @Test func localAccuracyComparesWithinARound() {
    var meter = LocalAccuracyMeter(MeterSetup(rounds: 1, classCount: 2, parameterCount: 1))
    let rows: [[Float]] = [[1], [2], [3]]
    let malicious = [true, false, false]
    let first = meter.observe(
      .sample(rows: rows, malicious: malicious, localAccuracy: [0.25, 0.5, 1]))
    #expect(first == ["stealth.accuracy-gap": -0.5])
    #expect(meter.observe(.sample(rows: rows, malicious: malicious)).isEmpty)
    _ = meter.observe(.sample(rows: rows, malicious: malicious, localAccuracy: [1, 0.5, 0.5]))
    // A saturated model: nobody moves it.
    #expect(
      meter.observe(
        .sample(rows: [[0], [0], [0]], malicious: malicious, localAccuracy: [0.1, 0.1, 0.1])
      ).isEmpty)
    #expect(meter.finish() == ["stealth.accuracy-gap": 0, "stealth.accuracy-gap.rounds": 2])
  }

  @Test func costsAreMeansOverRounds() {
    var meter = CostMeter(MeterSetup(rounds: 2, classCount: 2, parameterCount: 10))
    let first = meter.observe(
      .sample(rows: [[1], [2]], malicious: [false, true], droppedMalicious: 1, isInWindow: false))
    #expect(first["cost.bytes"] == 240.0)
    _ = meter.observe(.sample(rows: [[1]], malicious: [false]))
    let summary = meter.finish()
    #expect(summary["cost.bytes"] == 160.0)
    #expect(summary["cost.seconds"] == 2)
    #expect(summary["cost.attack"] == 0.25)
    var silent = CostMeter(MeterSetup(rounds: 0, classCount: 2, parameterCount: 10))
    #expect(silent.finish().isEmpty)
  }

  @Test func workIsSummedOverTheWindow() {
    var meter = WorkMeter(MeterSetup(rounds: 4, classCount: 2, parameterCount: 1))
    func round(_ work: RoundWork, isInWindow: Bool = true) -> RoundObservation {
      .sample(rows: [[1]], malicious: [true], isInWindow: isInWindow, work: work)
    }
    _ = meter.observe(
      round(RoundWork(gradientCount: 90, honestGradientCount: 1), isInWindow: false))
    #expect(meter.finish().isEmpty)
    _ = meter.observe(round(RoundWork()))
    #expect(meter.finish() == ["cost.attack-ratio.rounds": 0])
    _ = meter.observe(
      round(RoundWork(gradientCount: 10, honestGradientCount: 10, rehearsedRowCount: 30)))
    _ = meter.observe(round(RoundWork(gradientCount: 20, honestGradientCount: 30)))
    #expect(meter.finish() == ["cost.attack-ratio": 1.5, "cost.attack-ratio.rounds": 2])
  }

  @Test func curvesBelongToTheBackdoorOfTheTrial() throws {
    let own = try #require(Backdoor.sample(target: 1))
    let other = try #require(Backdoor.sample(target: 0))
    var evaluation = Evaluation.rates(accuracy: 0.75, success: 0.25, backdoor: own)
    evaluation.triggered[other] = .init(examples: 4, hits: 4, robust: 0)
    let observation = RoundObservation.sample(
      rows: [[1]], malicious: [false], isInWindow: false, evaluation: evaluation)
    var meter = AccuracyMeter(
      MeterSetup(rounds: 1, classCount: 2, parameterCount: 1, backdoor: own))
    #expect(
      meter.observe(observation) == ["accuracy": 0.75, "asr": 0.25, "robust-accuracy": 0.375])
    var plain = AccuracyMeter(MeterSetup(rounds: 1, classCount: 2, parameterCount: 1))
    #expect(plain.observe(observation) == ["accuracy": 0.75])
  }
}
