import Federation
import Simulation
import Testing

@testable import Metrics

@Suite struct ChanceAccuracyTests {
  private func trace(
    _ correct: [Int], of examples: [Int] = [700, 200, 100], _ goal: AttackGoal = .degrade,
    window: Range<Int> = 0..<1
  ) -> TrialTrace {
    TrialTrace(
      rounds: [
        .init(
          evaluation: Evaluation(examples: examples, correct: correct, triggered: [:]),
          figures: [:], droppedCount: 0)
      ], window: window, classCount: 3, goal: goal, backdoor: nil, declaresMalicious: false)
  }

  private func outcomes(_ trial: TrialTrace, twin: TrialTrace?) -> [String: MetricOutcome] {
    ChanceAccuracy.evaluate(
      TrialEvidence(trial: trial, twin: twin, undefendedTwin: nil, undefended: nil))
  }

  @Test func chanceIsTheLargestClassShareOfTheTestSet() {
    let uneven = outcomes(trace([0, 0, 0]), twin: nil)
    #expect(uneven["accuracy.chance"] == .value(0.7))
    let even = outcomes(trace([0, 0], of: [5, 5]), twin: nil)
    #expect(even["accuracy.chance"] == .value(0.5))
    // A class that the test set lacks is no part of it.
    #expect(outcomes(trace([0, 0], of: [0, 5]), twin: nil)["accuracy.chance"] == .value(1))
  }

  @Test func theSourceClassIsComparedToTheTwin() {
    let id = "accuracy.drop.source-class"
    let clean = trace([700, 200, 100], .none)
    let flipped = trace([700, 150, 100], .misclassify(source: 1))
    #expect(outcomes(flipped, twin: clean)[id] == .value(0.25))
    for (trial, twin, reason) in [
      (trace([0, 0, 0]), clean as TrialTrace?, "no source class"),
      (flipped, nil, "no clean twin"),
      (trace([0, 0, 0], .misclassify(source: 1), window: 1..<1), clean, "window is empty"),
    ] {
      guard case .absent(let text) = outcomes(trial, twin: twin)[id] else {
        Issue.record("a value instead of '\(reason)'")
        continue
      }
      #expect(text.contains(reason))
    }
  }
}
