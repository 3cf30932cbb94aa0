import Federation
import Simulation
import Testing

@testable import Metrics

@Suite struct ThreatMeterTests {
  private func meter(told f: Int?) -> ThreatMeter {
    ThreatMeter(MeterSetup(rounds: 9, classCount: 2, parameterCount: 1, declaredByzantine: f))
  }

  private func round(
    attackers: Int, honest: Int, idle: Int = 0, droppedMalicious: Int = 0, isInWindow: Bool = true
  ) -> RoundObservation {
    let count = attackers + idle + honest
    return .sample(
      rows: (0..<count).map { [Float($0)] }, malicious: (0..<count).map { $0 < attackers + idle },
      acting: (0..<count).map { $0 < attackers }, droppedMalicious: droppedMalicious,
      isInWindow: isInWindow)
  }

  private func outcomes(
    _ summary: [String: Double], window: Range<Int> = 0..<1
  ) -> [String: MetricOutcome] {
    var trace = TrialTrace.curves(accuracy: [0.5], window: window, goal: .degrade)
    trace.summary = summary
    return ThreatMetrics.evaluate(
      TrialEvidence(trial: trace, twin: nil, undefendedTwin: nil, undefended: nil))
  }

  @Test func roundsWithMoreAttackersThanToldAreCounted() {
    var meter = meter(told: 2)
    let counts = [0, 1, 2, 3, 5].map {
      meter.observe(round(attackers: $0, honest: 6))["threat.attackers"]
    }
    #expect(counts == [0, 1, 2, 3, 5])
    // A dropped attacker took part; one that does not act is none.
    #expect(
      meter.observe(round(attackers: 2, honest: 6, droppedMalicious: 1))["threat.attackers"] == 3)
    #expect(meter.observe(round(attackers: 2, honest: 6, idle: 3))["threat.attackers"] == 2)
    #expect(meter.observe(round(attackers: 9, honest: 1, isInWindow: false)).isEmpty)
    let outcomes = outcomes(meter.finish())
    #expect(outcomes["threat.f-exceeded"] == .value(3))
    #expect(outcomes["threat.malicious-majority"] == .value(0))
  }

  @Test func halfOfTheParticipantsCounts() {
    var meter = meter(told: nil)
    _ = meter.observe(round(attackers: 3, honest: 3))
    _ = meter.observe(round(attackers: 3, honest: 4))
    _ = meter.observe(round(attackers: 3, honest: 4, droppedMalicious: 1))
    _ = meter.observe(round(attackers: 2, honest: 2, idle: 2))
    _ = meter.observe(round(attackers: 1, honest: 0))
    _ = meter.observe(round(attackers: 0, honest: 2))
    let outcomes = outcomes(meter.finish())
    #expect(outcomes["threat.malicious-majority"] == .value(3))
    #expect(
      outcomes["threat.f-exceeded"]
        == .absent("the defense was told no number of Byzantine clients"))
  }

  @Test func toldThatNobodyAttacksIsANumber() {
    var meter = meter(told: 0)
    _ = meter.observe(round(attackers: 1, honest: 3))
    #expect(outcomes(meter.finish())["threat.f-exceeded"] == .value(1))
  }

  @Test func withoutAWindowThereIsNothingToCount() {
    var meter = meter(told: 1)
    _ = meter.observe(round(attackers: 3, honest: 3, isInWindow: false))
    let outcomes = outcomes(meter.finish(), window: 0..<0)
    #expect(outcomes["threat.f-exceeded"] == .absent(Absence.emptyWindow))
    #expect(outcomes["threat.malicious-majority"] == .absent(Absence.emptyWindow))
  }
}
