import Federation
import Simulation
import Testing

@testable import Metrics

@Suite struct AccuracyMetricsTests {
  private func evaluation(_ entry: Fixture.Prediction, _ backdoor: Backdoor) -> Evaluation {
    var evaluation = Evaluation(
      examples: .init(repeating: 0, count: entry.classes),
      correct: .init(repeating: 0, count: entry.classes), triggered: [:])
    var counts = Evaluation.Triggered(examples: 0, hits: 0, robust: 0)
    for (index, label) in entry.labels.enumerated() {
      evaluation.examples[label] += 1
      evaluation.correct[label] += entry.clean[index] == label ? 1 : 0
      guard backdoor.applies(to: label) else { continue }
      counts.examples += 1
      counts.hits += entry.triggered[index] == backdoor.target ? 1 : 0
      counts.robust = (counts.robust ?? 0) + (entry.triggered[index] == label ? 1 : 0)
    }
    evaluation.triggered[backdoor] = counts
    return evaluation
  }

  private func evidence(
    _ entry: Fixture.Prediction, _ backdoor: Backdoor
  ) -> TrialEvidence {
    let trial = TrialTrace(
      rounds: [
        .init(evaluation: evaluation(entry, backdoor), figures: [:], droppedCount: 0)
      ], window: 0..<1, classCount: entry.classes, goal: .backdoor(backdoor), backdoor: backdoor,
      declaresMalicious: false)
    return TrialEvidence(trial: trial, twin: nil, undefendedTwin: nil, undefended: nil)
  }

  @Test func ratesAgreeWithTheReference() throws {
    for entry in try Fixture.load().predictions {
      let backdoor = try #require(Backdoor.sample(target: entry.target))
      let evidence = evidence(entry, backdoor)
      let accuracy = AccuracyMetrics.evaluate(evidence)
      #expect(agree(accuracy["accuracy.final"]?.number, entry.expected.accuracy))
      for (label, recall) in entry.expected.recall.enumerated() {
        #expect(agree(accuracy["accuracy.class.\(label)"]?.number, recall), "\(entry.name)")
      }
      let success = AttackSuccessRate.evaluate(evidence)
      #expect(agree(success["asr.stop"]?.number, entry.expected.asr), "\(entry.name)")
      #expect(
        agree(success["robust-accuracy.stop"]?.number, entry.expected.robustAccuracy),
        "\(entry.name)")
    }
  }

  @Test func sourceToTargetCountsTheSourceClass() throws {
    for entry in try Fixture.load().predictions where entry.source != entry.target {
      let backdoor = try #require(Backdoor.sample(target: entry.target, source: entry.source))
      let evidence = evidence(entry, backdoor)
      let rate = AttackSuccessRate.evaluate(evidence)["asr.final"]?.number
      #expect(agree(rate, entry.expected.asrSource), "\(entry.name)")
      let recall = AccuracyMetrics.evaluate(evidence)["accuracy.source-class"]?.number
      #expect(agree(recall, entry.expected.recall[entry.source]), "\(entry.name)")
    }
  }

  @Test func successIsReadAtTheStopTheEndAndThePeak() throws {
    let backdoor = try #require(Backdoor.sample())
    func trace(_ success: [Double]) -> TrialTrace {
      .curves(
        accuracy: [0.5, 0.5, 0.5, 0.5], success: success, window: 1..<3,
        goal: .backdoor(backdoor), backdoor: backdoor)
    }
    let outcomes = AttackSuccessRate.evaluate(
      TrialEvidence(
        trial: trace([0.95, 0.9, 0.75, 0.3]), twin: trace([0.1, 0.1, 0.25, 0.2]),
        undefendedTwin: nil, undefended: nil))
    #expect(outcomes["asr.stop"] == .value(0.75))
    #expect(outcomes["asr.final"] == .value(0.3))
    #expect(outcomes["asr.peak"] == .value(0.9), "the round before the window does not count")
    #expect(outcomes["asr.window"] == .value(0.825))
    #expect(outcomes["asr.base"] == .value(0.25))
    #expect(outcomes["asr.excess"] == .value(0.5))
  }

  @Test func theDefenseCostsWhatTheTwinsDiffer() {
    func trace(_ accuracy: Double) -> TrialTrace {
      .curves(accuracy: [0.1, accuracy], window: 0..<1, goal: .none)
    }
    let outcomes = DefenseCost.evaluate(
      TrialEvidence(
        trial: trace(0.2), twin: trace(0.75), undefendedTwin: trace(0.875), undefended: nil))
    #expect(outcomes == ["defense.cost": .value(0.125)])
  }
}
