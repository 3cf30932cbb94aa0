import Federation
import Simulation
import Testing

@testable import Metrics

@Suite struct PersistenceMetricsTests {
  @Test func successCurvesAgreeWithTheReference() throws {
    let backdoor = try #require(Backdoor.sample())
    for entry in try Fixture.load().persistence {
      func trace(_ success: [Double]) -> TrialTrace {
        .curves(
          accuracy: success.map { _ in 0.5 }, success: success, window: entry.start..<entry.stop,
          goal: .backdoor(backdoor), backdoor: backdoor)
      }
      let outcomes = PersistenceMetrics.evaluate(
        TrialEvidence(
          trial: trace(entry.asr), twin: trace(entry.twin), undefendedTwin: nil, undefended: nil))
      let expected = entry.expected
      #expect(agree(outcomes["persistence.lifespan"], expected.lifespan), "\(entry.name)")
      #expect(agree(outcomes["persistence.auc"], expected.auc), "\(entry.name)")
      #expect(agree(outcomes["persistence.retention"], expected.retention), "\(entry.name)")
      #expect(agree(outcomes["persistence.half-life"], expected.halfLife), "\(entry.name)")
      guard case .absent = outcomes["persistence.recovery"] else {
        Issue.record("a backdoor has a recovery")
        continue
      }
    }
  }

  @Test func accuracyCurvesAgreeWithTheReference() throws {
    for entry in try Fixture.load().recovery {
      func trace(_ accuracy: [Double], _ goal: AttackGoal) -> TrialTrace {
        .curves(accuracy: accuracy, window: entry.start..<entry.stop, goal: goal)
      }
      let evidence = TrialEvidence(
        trial: trace(entry.accuracy, .degrade), twin: trace(entry.twin, .none),
        undefendedTwin: nil, undefended: nil)
      let recovery = PersistenceMetrics.evaluate(evidence)["persistence.recovery"]
      #expect(agree(recovery, entry.expected.recovery), "\(entry.name)")
      let accuracy = AccuracyMetrics.evaluate(evidence)
      #expect(agree(accuracy["accuracy.drop"]?.number, entry.expected.drop), "\(entry.name)")
      #expect(
        agree(accuracy["accuracy.drop.peak"]?.number, entry.expected.dropPeak), "\(entry.name)")
    }
  }

  /// 0.52 - 0.5 exceeds 0.02 in binary.
  @Test func thresholdsThatAreMetOnPaperAreMet() {
    let twin = [0.9, 0.52, 0.52, 0.52]
    let trial = TrialTrace.curves(accuracy: [0.1, 0.5, 0.5, 0.5], window: 0..<1, goal: .degrade)
    let outcomes = PersistenceMetrics.evaluate(
      TrialEvidence(
        trial: trial, twin: .curves(accuracy: twin, window: 0..<1, goal: .none),
        undefendedTwin: nil, undefended: nil))
    #expect(0.52 - 0.5 > 0.02)
    #expect(outcomes["persistence.recovery"] == .value(1))
  }
}
