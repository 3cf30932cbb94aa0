import Federation
import Simulation
import Testing

@testable import Metrics

@Suite struct FlagTests {
  private let quiet = FlagFacts(
    knowsExactCount: false, usesServerData: false, isStateful: false, isNondeterministic: false,
    isOrderDependent: false, seedCount: 5, hasAdaptiveAttack: true)

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
      (\.isStateful, true, "stateful"), (\.isNondeterministic, true, "nondeterministic"),
      (\.isOrderDependent, true, "order-dependent"), (\.hasAdaptiveAttack, false, "not-adaptive"),
    ]
    for (path, value, id) in cases {
      var facts = quiet
      facts[keyPath: path] = value
      #expect(raised(evidence, facts) == [id])
    }
    var facts = quiet
    facts.seedCount = 4
    #expect(raised(evidence, facts) == ["few-seeds"])
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

  @Test func attacksThatHardlyHurtThePlainMeanAreFlagged() throws {
    let backdoor = try #require(Backdoor.sample())
    func isRaised(_ plain: TrialTrace, _ clean: TrialTrace) -> Bool {
      AttackIneffective.isRaised(by: evidence(plain: plain, clean: clean), facts: quiet)
    }
    func planted(_ accuracy: Double, _ success: Double) -> TrialTrace {
      trace(accuracy, goal: .backdoor(backdoor), success: success, backdoor: backdoor)
    }
    #expect(isRaised(trace(0.89), trace(0.9)))
    #expect(!isRaised(trace(0.88), trace(0.9)))
    #expect(isRaised(planted(0.9, 0.14), planted(0.9, 0.1)))
    #expect(!isRaised(planted(0.9, 0.15), planted(0.9, 0.1)))
    #expect(!isRaised(planted(0.8, 0.1), planted(0.9, 0.1)))
    #expect(!isRaised(trace(0.9, goal: .none), trace(0.9, goal: .none)))
    #expect(isRaised(trace(0.1, window: 1..<1), trace(0.9, window: 1..<1)))
    #expect(
      !AttackIneffective.isRaised(
        by: TrialEvidence(trial: trace(0.9), twin: nil, undefendedTwin: nil, undefended: nil),
        facts: quiet))
  }

  @Test func aLabelFlipIsJudgedByItsSourceClassToo() {
    func trace(_ correct: [Int], _ goal: AttackGoal) -> TrialTrace {
      TrialTrace(
        rounds: [
          .init(
            evaluation: Evaluation(examples: [900, 100], correct: correct, triggered: [:]),
            figures: [:], droppedCount: 0)
        ], window: 0..<1, classCount: 2, goal: goal, backdoor: nil, declaresMalicious: false)
    }
    let clean = trace([900, 100], .none)
    let hurt = evidence(plain: trace([900, 90], .misclassify(source: 1)), clean: clean)
    let other = evidence(plain: trace([890, 100], .misclassify(source: 1)), clean: clean)
    #expect(!AttackIneffective.isRaised(by: hurt, facts: quiet))
    #expect(AttackIneffective.isRaised(by: other, facts: quiet))
  }

  @Test func modelsNearChanceAreFlagged() {
    func isRaised(_ twin: TrialTrace?) -> Bool {
      UtilityCollapse.isRaised(
        by: TrialEvidence(
          trial: trace(0.1), twin: twin, undefendedTwin: nil, undefended: nil), facts: quiet)
    }
    #expect(isRaised(trace(0.59)))
    #expect(!isRaised(trace(0.6)))
    #expect(!isRaised(nil))
  }

  @Test func fewSeedsFollowsTheSeedsThatAreThere() {
    #expect(FewSeeds.revised(["a", "few-seeds", "z"], seedCount: 5) == ["a", "z"])
    #expect(FewSeeds.revised(["a", "z"], seedCount: 4) == ["a", "few-seeds", "z"])
    #expect(FewSeeds.revised(["few-seeds"], seedCount: 4) == ["few-seeds"])
  }
}
