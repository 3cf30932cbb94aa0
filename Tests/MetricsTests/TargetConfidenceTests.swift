import Datasets
import Federation
import Simulation
import Tensors
import Testing

@testable import Metrics

@Suite struct TargetConfidenceTests {
  private func backdoor(areChosen: Bool) -> Backdoor {
    Backdoor(
      examples: NamedExamples(
        name: "given",
        shard: Shard(
          inputs: Matrix(rows: [[1, 2]]), labels: [1], classCount: 2, shape: .vector(2)),
        areChosen: areChosen),
      target: 0)
  }

  /// The outcome where the confidence after each round is given.
  private func outcome(
    _ confidences: [Double?], window: Range<Int>, areChosen: Bool = true
  ) -> MetricOutcome? {
    let backdoor = backdoor(areChosen: areChosen)
    var trace = TrialTrace.curves(
      accuracy: confidences.map { _ in 0.5 }, window: window, goal: .backdoor(backdoor),
      backdoor: backdoor)
    trace.rounds = confidences.map { confidence in
      let counts = Evaluation.Triggered(examples: 1, hits: 1, robust: 0, confidence: confidence)
      return TrialTrace.Round(
        evaluation: Evaluation(examples: [2, 2], correct: [1, 1], triggered: [backdoor: counts]),
        figures: [:], droppedCount: 0)
    }
    return TargetConfidence.evaluate(
      TrialEvidence(trial: trace, twin: nil, undefendedTwin: nil, undefended: nil))[
        "target-confidence"]
  }

  @Test func itIsReadAtTheEndOfTheWindow() {
    #expect(outcome([0.1, 0.75, 0.5], window: 0..<2) == .value(0.75))
    #expect(outcome([0.1, 0.75, 0.5], window: 0..<3) == .value(0.5))
  }

  @Test func itIsAbsentWhereThereIsNone() {
    #expect(
      outcome([0.5], window: 0..<1, areChosen: false)
        == .absent("it is defined for single-sample attacks"))
    #expect(outcome([0.5], window: 0..<0) == .absent(Absence.emptyWindow))
    #expect(
      outcome([nil], window: 0..<1)
        == .absent("predictions are votes, or the model has no finite scores"))
    let none = TrialTrace.curves(accuracy: [0.5], window: 0..<1, goal: .degrade)
    #expect(
      TargetConfidence.evaluate(
        TrialEvidence(trial: none, twin: nil, undefendedTwin: nil, undefended: nil))
        == ["target-confidence": .absent("it is defined for single-sample attacks")])
  }
}
