import Federation
import Simulation
import Testing

@testable import Metrics

@Suite struct FlagTests {
  private let quiet = FlagFacts(
    knowsExactCount: false, usesServerData: false, isStateful: false, isOutsideProof: false,
    isNondeterministic: false, isOrderDependent: false)

  private func trace(
    _ accuracy: Double, goal: AttackGoal = .degrade, success: Double? = nil,
    backdoor: Backdoor? = nil, window: Range<Int> = 0..<1
  ) -> TrialTrace {
    .curves(
      accuracy: [accuracy, accuracy], success: success.map { [$0, $0] }, window: window,
      goal: goal, backdoor: backdoor)
  }

  private func evidence(plain: TrialTrace, clean: TrialTrace) -> TrialEvidence {
    TrialEvidence(trial: plain, twin: clean, undefendedTwin: clean, undefended: plain)
  }

  private func raised(_ evidence: TrialEvidence, _ facts: FlagFacts) -> [String] {
    builtInFlags.filter { $0.isRaised(by: evidence, facts: facts) }.map { $0.id }
  }

  @Test func aSoundTrialRaisesNothing() {
    #expect(raised(evidence(plain: trace(0.7), clean: trace(0.9, goal: .none)), quiet).isEmpty)
  }

  @Test func factsRaiseTheirFlags() {
    let evidence = evidence(plain: trace(0.7), clean: trace(0.9, goal: .none))
    let cases: [(WritableKeyPath<FlagFacts, Bool>, Bool, String)] = [
      (\.knowsExactCount, true, "oracle-f"), (\.usesServerData, true, "uses-server-data"),
      (\.isStateful, true, "stateful"), (\.isOutsideProof, true, "outside-proof"),
      (\.isNondeterministic, true, "nondeterministic"),
      (\.isOrderDependent, true, "order-dependent"),
    ]
    for (path, value, id) in cases {
      var facts = quiet
      facts[keyPath: path] = value
      #expect(raised(evidence, facts) == [id])
    }
  }

  @Test func droppedUpdatesAndDivergenceAreFlagged() {
    let sound = trace(0.7)
    var trial = TrialTrace(
      rounds: sound.rounds + [
        .init(evaluation: .rates(accuracy: 0), figures: [:], droppedCount: 1)
      ],
      window: 0..<1, classCount: 2, goal: .degrade, backdoor: nil, declaresMalicious: false)
    trial.isDiverged = true
    let evidence = TrialEvidence(
      trial: trial, twin: trace(0.9), undefendedTwin: nil, undefended: nil)
    #expect(raised(evidence, quiet) == ["diverged", "non-finite"])
  }
}
