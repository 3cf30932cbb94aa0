import Federation
import Simulation
import Testing

@testable import Metrics

@Suite struct AttackSuccessRateTests {
  private func outcomes(_ trace: TrialTrace) -> [String: MetricOutcome] {
    AttackSuccessRate.evaluate(
      TrialEvidence(trial: trace, twin: nil, undefendedTwin: nil, undefended: nil))
  }

  private func trace(_ success: [Double], window: Range<Int>) throws -> TrialTrace {
    let backdoor = try #require(Backdoor.sample())
    return .curves(
      accuracy: success.map { _ in 0.5 }, success: success, window: window,
      goal: .backdoor(backdoor), backdoor: backdoor)
  }

  @Test func thePeakIsTheLargestFromTheStartOfTheWindowOn() throws {
    let before = outcomes(try trace([0.9, 0.25, 0.5, 0.125], window: 1..<3))
    #expect(before["asr.peak"] == .value(0.5))
    let after = outcomes(try trace([0.25, 0.5, 0.75], window: 0..<2))
    #expect(after["asr.peak"] == .value(0.75))
  }

  @Test func theWindowIsAveragedOverItsOwnRounds() throws {
    let outcomes = outcomes(try trace([0.9, 0.25, 0.5, 0.9], window: 1..<3))
    #expect(outcomes["asr.window"] == .value(0.375))
  }

  @Test func sparseEvaluationLeavesThePeakOutButNotTheMean() throws {
    func outcomes(evaluated: Set<Int>) throws -> [String: MetricOutcome] {
      var trace = try trace([0.9, 0.25, 0.9, 0.75, 0.5], window: 1..<4)
      trace.rounds = trace.rounds.enumerated().map { round, entry in
        TrialTrace.Round(
          evaluation: evaluated.contains(round) ? entry.evaluation : nil, figures: [:],
          droppedCount: 0)
      }
      return self.outcomes(trace)
    }
    let sparse = try outcomes(evaluated: [0, 1, 3, 4])
    #expect(sparse["asr.window"] == .value(0.5))
    #expect(sparse["asr.peak"] == .absent(Absence.sparse))
    #expect(try outcomes(evaluated: [1, 2, 3, 4])["asr.peak"] == .value(0.9))
  }

  @Test func anEmptyWindowHasNoPeak() throws {
    let outcomes = outcomes(try trace([0.25, 0.5], window: 1..<1))
    for id in ["asr.peak", "asr.window", "asr.correct", "asr.stop"] {
      #expect(outcomes[id] == .absent(Absence.emptyWindow), "\(id)")
    }
    #expect(outcomes["asr.final"] == .value(0.5))
  }

  @Test func examplesThatAreRightWithoutTheTriggerAreARateOfTheirOwn() throws {
    let backdoor = try #require(Backdoor.sample())
    func rate(correct: Int?, hits: Int) -> MetricOutcome? {
      let counts = Evaluation.Triggered(
        examples: 8, hits: 6, robust: 1, correct: correct, correctHits: hits)
      let evaluation = Evaluation(
        examples: [2, 8], correct: [1, 4], triggered: [backdoor: counts])
      return outcomes(
        TrialTrace(
          rounds: [.init(evaluation: evaluation, figures: [:], droppedCount: 0)], window: 0..<1,
          classCount: 2, goal: .backdoor(backdoor), backdoor: backdoor, declaresMalicious: false)
      )["asr.correct"]
    }
    #expect(rate(correct: 4, hits: 3) == .value(0.75))
    #expect(
      rate(correct: 0, hits: 0)
        == .absent("the model predicts none of the examples right without the trigger"))
  }
}
