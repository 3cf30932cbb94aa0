import Diagnostics
import Results
import Testing

@testable import Gating

@Suite struct ClaimJudgingTests {
  private static func claim(
    _ conditions: [String: CellFilter.Condition] = ["defense": .oneOf(["krum"])],
    _ bounds: [Claim.Bound] = [.init(metric: "asr", relation: .atMost, value: 0.5)],
    over: Claim.Over = .everyCell, holds: Bool = true
  ) -> Claim {
    Claim(
      id: "c", cells: CellFilter(conditions), bounds: bounds, over: over, source: "Table 3",
      holds: holds, position: .init(line: 7))
  }

  private static func judge(_ records: [TrialRecordV1], _ claim: Claim) -> [ClaimFinding] {
    Gate().check(Sample.results(records), claims: [claim]).claims
  }

  @Test func aBoundWellMetHolds() throws {
    let finding = try #require(
      Self.judge(Sample.trials("ipm/krum", ["asr": [0.25, 0.25, 0.25]]), Self.claim()).first)
    #expect(finding.verdict == .holds)
    #expect(
      finding.description
        == "c: ipm/krum asr: holds: 0.250 over 3 seeds, at most 0.250 at 95 %; claimed <= 0.500")
    #expect(finding.line == 7)
    #expect(finding.source == "Table 3")
  }

  @Test func aMeanBeyondTheBoundIsBroken() throws {
    let finding = try #require(
      Self.judge(Sample.trials("ipm/krum", ["asr": [0.5, 0.5625]]), Self.claim()).first)
    #expect(finding.verdict == .broken)
    #expect(finding.message == "0.531 over 2 seeds; claimed <= 0.500")
  }

  @Test func theEndOfTheIntervalHasToLieWithin() throws {
    // Mean 0.25, standard error 0.25/sqrt(3), t(2) = 2.92: the end is at 0.671.
    let finding = try #require(
      Self.judge(Sample.trials("ipm/krum", ["asr": [0, 0.25, 0.5]]), Self.claim()).first)
    #expect(finding.verdict == .inconclusive)
    #expect(finding.message == "0.250 over 3 seeds, at most 0.671 at 95 %; claimed <= 0.500")
  }

  @Test func fewSeedsGiveNoInterval() throws {
    let finding = try #require(
      Self.judge(Sample.trials("ipm/krum", ["asr": [0, 0]]), Self.claim()).first)
    #expect(finding.verdict == .inconclusive)
    #expect(
      finding.message
        == "0 over 2 seeds; claimed <= 0.500; 3 seeds are needed for an interval")
  }

  @Test func bothEndsOfABoundAreJudged() {
    let findings = Self.judge(
      Sample.trials("ipm/krum", ["asr": [0.25, 0.25, 0.25]]),
      Self.claim(
        ["attack": .oneOf(["ipm"])],
        [
          .init(metric: "asr", relation: .atLeast, value: 0.5),
          .init(metric: "asr", relation: .atMost, value: 0.25),
        ]))
    #expect(findings.map(\.verdict) == [.broken, .holds])
    #expect(findings[0].message == "0.250 over 3 seeds; claimed >= 0.500")
  }

  @Test func theWorstCellIsTheHardestVerdict() throws {
    // The mean of one is beyond the bound; another has the wider interval.
    let records =
      Sample.trials("a/krum", ["asr": [0.51, 0.51, 0.51]])
      + Sample.trials("b/krum", ["asr": [0.0, 0.4, 0.8]])
      + Sample.trials("c/krum", ["asr": [0.1, 0.1]])
    var finding = try #require(Self.judge(records, Self.claim(over: .worst)).first)
    #expect(finding.subject == "worst of 3: a/krum")
    #expect(finding.verdict == .broken)
    finding = try #require(Self.judge(Array(records.dropFirst(3)), Self.claim(over: .worst)).first)
    #expect(finding.subject == "worst of 2: b/krum")
    // Two seeds are no interval, however good they look.
    let steady = Sample.trials("a/krum", ["asr": [0.4, 0.4, 0.4]]) + records.suffix(2)
    finding = try #require(Self.judge(steady, Self.claim(over: .worst)).first)
    #expect(finding.subject == "worst of 2: c/krum")
    #expect(finding.verdict == .inconclusive)
  }

  @Test func aCellWithoutNumbersMayBeTheWorst() throws {
    let records =
      Sample.trials("a/krum", ["asr": [0.1, 0.1, 0.1]])
      + Sample.trials("b/krum", ["asr": [nil, nil, nil]])
    let worst = try #require(Self.judge(records, Self.claim(over: .worst)).first)
    #expect(worst.verdict == .missing)
    #expect(worst.subject == "worst of 2")
    #expect(worst.message == "b/krum: no trial has a value of asr")
    #expect(Self.judge(records, Self.claim()).map(\.verdict) == [.holds, .missing])
  }

  @Test func aMeanIsOverTheSeedsThatAllCellsHave() throws {
    let records =
      Sample.trials("a/krum", ["asr": [0, 0, 0, 0.5]])
      + Sample.trials("b/krum", ["asr": [0.5, 0.5, 0.5, 1]], seeds: [1, 2, 3, 9])
    let mean = try #require(Self.judge(records, Self.claim(over: .mean)).first)
    #expect(mean.subject == "mean of 2")
    #expect(mean.value == 0.25)
    #expect(mean.seeds == [1, 2, 3])
    #expect(mean.verdict == .holds)
  }

  @Test(arguments: [
    (
      ["defense": CellFilter.Condition.oneOf(["kurm"])],
      "no defense is 'kurm'; did you mean 'krum'?"
    ),
    (["defence": .oneOf(["krum"])], "no cell has 'defence'; did you mean 'defense'?"),
    (
      ["attack": .oneOf(["none"]), "defense": .oneOf(["krum"])],
      "no cell meets all conditions at once"
    ),
  ])
  func aClaimAboutNoCellNamesTheNearest(
    conditions: [String: CellFilter.Condition], reason: String
  ) throws {
    let records =
      Sample.trials("ipm/krum", ["asr": [0, 0, 0]])
      + Sample.trials("none/mean", ["asr": [0, 0, 0]])
    for over in Claim.Over.allCases {
      let report = Gate().check(
        Sample.results(records), claims: [Self.claim(conditions, over: over)])
      #expect(report.claims.map(\.verdict) == [.missing])
      #expect(report.claims.map(\.message) == [reason])
      #expect(report.outcome() == .incomplete)
    }
  }

  @Test func knownFailuresAreMarked() throws {
    let report = Gate().check(
      Sample.results(Sample.trials("ipm/krum", ["asr": [1, 1, 1]])),
      claims: [Self.claim(holds: false)])
    #expect(report.claims.map(\.verdict) == [.broken])
    #expect(report.claims[0].isKnownToFail)
    #expect(report.brokenClaims.isEmpty)
    #expect(report.outcome() == .passed)
  }

  @Test(arguments: Claim.Over.allCases) func aFailedTrialIsAGap(over: Claim.Over) throws {
    var records = Sample.trials("ipm/krum", ["asr": [0, 0, 0, 1]])
    records[3] = Sample.record("ipm/krum", seed: 4, status: .error, message: "no memory")
    let finding = try #require(Self.judge(records, Self.claim(over: over)).first)
    #expect(finding.verdict == .missing)
    #expect(finding.reason?.contains("seed 4: the trial failed: no memory") == true)
  }

  @Test func lowerBoundsBreakAnUpperLimitAndKeepALowerOne() throws {
    var records = Sample.trials("ipm/krum", ["asr": [20, 20, 20]])
    for index in records.indices { records[index].censored = ["asr"] }
    func verdict(_ relation: ClaimFinding.Relation, _ bound: Double) throws -> ClaimFinding.Verdict
    {
      let claim = Claim(
        id: "c", cells: CellFilter([:]),
        bounds: [.init(metric: "asr", relation: relation, value: bound)])
      return try #require(Self.judge(records, claim).first).verdict
    }
    #expect(try verdict(.atMost, 25) == .inconclusive)
    #expect(try verdict(.atMost, 15) == .broken)
    #expect(try verdict(.atLeast, 15) == .holds)
    #expect(try verdict(.atLeast, 25) == .inconclusive)
  }
}
