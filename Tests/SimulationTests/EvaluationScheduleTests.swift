import Results
import Testing

@testable import Simulation

@Suite struct EvaluationScheduleTests {
  private func evaluated(_ every: Int, start: Int = 3, stop: Int = 6, rounds: Int = 11) -> [Int] {
    (0..<rounds).filter {
      EvaluationSettings(every: every).includes(round: $0, window: start..<stop, rounds: rounds)
    }
  }

  @Test func `every k-th round, around the window and the last one`() {
    #expect(evaluated(1) == Array(0..<11))
    #expect(evaluated(4) == [2, 3, 5, 7, 10])
    #expect(evaluated(100) == [2, 5, 10])
    // There is no round before a window that starts at 0.
    #expect(evaluated(100, start: 0, stop: 11) == [10])
  }

  private static let base = [
    "rounds=8", "threat.window={start: 2, stop: 5}", "attacks=[{id: push, use: fixed-row}]",
    "defenses=[mean]",
  ]

  private func trials(_ overrides: [String]) throws -> [FinishedTrial] {
    let plan = try Plan(
      try ScenarioText.read(ScenarioText.valid, Self.base + overrides), catalog: .test)
    let log = Log<FinishedTrial>()
    _ = try Runner(plan: plan, metrics: .test, jobs: 1)
      .run(stop: StopSignal(), onProgress: { _ in }, onTrial: { log.note($0) })
    return log.entries
  }

  @Test func `training and what is evaluated do not depend on it`() throws {
    let (all, some) = (try trials([]), try trials(["evaluation.every=3"]))
    #expect(all.count == 2 && some.count == 2)
    for (one, other) in zip(all, some) {
      #expect(one.record.parametersSHA256 == other.record.parametersSHA256)
      #expect(one.record.metrics == other.record.metrics)
      #expect(one.record.key != other.record.key)
      #expect(other.rounds.map(\.round) == Array(0..<8))
      for (round, pair) in zip(one.rounds, other.rounds).enumerated() {
        let isEvaluated = [1, 2, 4, 5, 7].contains(round)
        #expect(pair.1.values["accuracy"] == (isEvaluated ? pair.0.values["accuracy"] : nil))
        #expect(pair.1.values["rows"] == pair.0.values["rows"])
      }
    }
  }
}
