import Diagnostics
import Results
import Testing

@testable import Gating

/// A dead model is never a defended one, and never a conquered one either.
@Suite struct VoidTests {
  private static func trials(
    _ cell: String, stop: [Double], final: [Double]? = nil, _ metrics: [String: Double] = [:]
  ) -> [TrialRecordV1] {
    stop.enumerated().map { index, accuracy in
      var all: [String: Double?] = metrics.mapValues { $0 }
      all["accuracy.stop"] = accuracy
      all["accuracy.final"] = (final ?? stop)[index]
      all["accuracy.drop"] = 0.9 - accuracy
      all["accuracy.chance"] = 0.1
      return Sample.record(cell, seed: index + 1, all)
    }
  }

  private static let dead = [0.1, 0.11, 0.12]
  private static let alive = [0.9, 0.91, 0.92]

  static let moments: [(metric: String, atStop: Bool, atFinal: Bool)] = [
    ("asr.stop", true, false), ("asr.window", true, false), ("asr.peak", true, false),
    ("asr.correct", true, false), ("asr.excess", true, false), ("asr.final", false, true),
    ("robust-accuracy.stop", true, false), ("target-confidence", true, false),
    ("persistence.auc", true, true), ("persistence.lifespan", true, true),
    ("persistence.retention", true, true), ("persistence.half-life", true, true),
    ("persistence.recovery", false, false), ("asr.base", false, false),
    ("asr.control", false, false), ("accuracy.stop", false, false), ("stealth.score", false, false),
    ("detection.auc", false, false), ("cost.seconds", false, false),
  ]

  @Test(arguments: moments) func figuresGoByTheModelThatTheyAreMeasuredOn(
    metric: String, atStop: Bool, atFinal: Bool
  ) {
    func isVoid(_ stop: [Double], _ final: [Double]) -> Bool {
      VoidFigures.reason(metric, Self.trials("a/d", stop: stop, final: final)) != nil
    }
    #expect(isVoid(Self.dead, Self.alive) == atStop)
    #expect(isVoid(Self.alive, Self.dead) == atFinal)
    #expect(!isVoid(Self.alive, Self.alive))
    #expect(isVoid(Self.dead, Self.dead) == (atStop || atFinal))
  }

  @Test func theTwinsRateGoesByTheTwin() {
    var trials = Self.trials("a/d", stop: Self.alive)
    for index in trials.indices { trials[index].metrics["accuracy.drop"] = -0.8 }
    #expect(VoidFigures.reason("asr.base", trials)?.contains("without an attack") == true)
    #expect(VoidFigures.reason("asr.stop", trials) == nil)
  }

  private static func claim(
    _ relation: ClaimFinding.Relation, _ value: Double, over: Claim.Over = .everyCell,
    holds: Bool = true, metric: String = "asr.stop"
  ) -> Claim {
    Claim(
      id: "c", cells: CellFilter(["defense": .oneOf(["d"])]),
      bounds: [.init(metric: metric, relation: relation, value: value)], over: over, holds: holds)
  }

  /// Whatever a dead model says: all of the target class, or none of it.
  @Test(arguments: [0.0, 0.5, 1.0], Claim.Over.allCases)
  func noClaimAboutADeadModelPasses(rate: Double, over: Claim.Over) throws {
    let dead = Self.trials("a/d", stop: Self.dead, ["asr.stop": rate])
    let others = Self.trials("b/d", stop: Self.alive, ["asr.stop": rate])
    for records in [dead, dead + others, others + dead] {
      for claim in [Self.claim(.atMost, 1, over: over), Self.claim(.atLeast, 0, over: over)] {
        let report = Gate().check(Sample.results(records), claims: [claim])
        #expect(report.claims.contains { $0.verdict == .void })
        #expect(report.brokenClaims.count == report.claims.count { $0.verdict == .void })
        #expect(report.outcome() == .regressed)
        #expect(report.claims.contains { $0.message.contains("the model is dead") })
      }
    }
  }

  @Test func aVoidClaimHasNotBegunToHold() {
    let dead = Self.trials("a/d", stop: Self.dead, ["asr.stop": 0])
    let report = Gate().check(
      Sample.results(dead), claims: [Self.claim(.atMost, 0.05, holds: false)])
    #expect(report.claims.map(\.verdict) == [.void])
    #expect(report.brokenClaims.isEmpty && report.outcome() == .passed)
  }

  @Test func otherFiguresOfADeadModelAreJudged() {
    let dead = Self.trials("a/d", stop: Self.dead, ["stealth.score": 0.5])
    let report = Gate().check(
      Sample.results(dead),
      claims: [
        Self.claim(.atMost, 0.2, metric: "accuracy.stop"),
        Self.claim(.atMost, 0.6, metric: "stealth.score"),
      ])
    #expect(report.claims.map(\.verdict) == [.holds, .holds])
  }

  @Test func deadSeedsOfALivingCellAreTold() throws {
    let records = Self.trials("a/d", stop: [0.1, 0.9, 0.9, 0.9, 0.9], ["asr.stop": 0.01])
    let report = Gate().check(Sample.results(records), claims: [Self.claim(.atMost, 0.05)])
    let finding = try #require(report.claims.first)
    #expect(finding.verdict == .holds)
    #expect(finding.message.hasSuffix("; in 1 of 5 seeds the model is dead"))
  }

  @Test func aCellWithoutTheFigureLacksIt() {
    let records = Self.trials("a/d", stop: Self.dead)
    let report = Gate().check(Sample.results(records), claims: [Self.claim(.atMost, 0.05)])
    #expect(report.claims.map(\.verdict) == [.missing])
  }

  @Test func voidFiguresAreGatedAndSaySo() throws {
    let policy = Policy(metrics: ["asr.stop": .init(better: .lower, abs: 0.02)])
    let before = Self.trials("a/d", stop: Self.alive, ["asr.stop": 0.5])
    let after = Self.trials("a/d", stop: Self.dead, ["asr.stop": 0.9])
    let report = Gate().check(
      Sample.results(after), against: try Sample.baseline(before, policy: policy))
    let finding = try #require(report.findings.first { $0.metric == "asr.stop" })
    #expect(finding.verdict == .regression && finding.current == 0.9)
    #expect(finding.message.contains("the model is dead"))
    let same = Gate().check(
      Sample.results(before), against: try Sample.baseline(before, policy: policy))
    #expect(same.findings.allSatisfy { $0.voidReason == nil })
  }
}
