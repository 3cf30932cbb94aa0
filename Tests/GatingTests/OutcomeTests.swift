import Results
import Testing

@testable import Gating

/// The exit codes: 2 before 5 before 3 before 4.
@Suite struct OutcomeTests {
  private static func finding(_ verdict: CheckVerdict) -> Finding {
    Finding(
      attack: "a", defense: "d", cell: "a/d", metric: "asr", better: .lower, verdict: verdict,
      tolerance: 0)
  }

  private static func claim(
    _ verdict: ClaimFinding.Verdict, isKnownToFail: Bool = false
  ) -> ClaimFinding {
    ClaimFinding(
      claim: "c", subject: "a/d", metric: "asr", relation: .atMost, bound: 1, verdict: verdict,
      confidence: 0.95, isKnownToFail: isKnownToFail)
  }

  private static func report(
    _ verdicts: [CheckVerdict], claims: [ClaimFinding] = [], warnings: [String] = [],
    extra: [String] = [], policy: Policy.Reactions = .init()
  ) -> GateReport {
    GateReport(
      scenario: "core", baselinePath: "b.json", resultsPath: "r", isExact: false,
      findings: verdicts.map(finding), claims: claims, warnings: warnings, extraCells: extra,
      policy: policy)
  }

  /// What the table says, computed from the set of verdicts and not by a chain of conditions.
  private static func expected(
    _ verdicts: Set<CheckVerdict>, strict: Bool, failOnImprovement: Bool
  ) -> Int {
    var codes: Set<Int> = [0]
    if verdicts.contains(.regression) { codes.insert(2) }
    if verdicts.isSubset(of: [.missing, .incomparable]) { codes.insert(5) }
    if !verdicts.isDisjoint(with: [.missing, .incomparable]) { codes.insert(5) }
    if verdicts.contains(.inconclusive), strict { codes.insert(3) }
    if verdicts.contains(.improved), failOnImprovement { codes.insert(4) }
    return [2, 5, 3, 4, 0].first(where: codes.contains) ?? 0
  }

  @Test(arguments: 0..<128) func everySetOfVerdictsHasItsCode(mask: Int) {
    let verdicts = CheckVerdict.allCases.enumerated()
      .filter { mask & (1 << $0.offset) != 0 }.map(\.element)
    for (strict, failOnImprovement) in [
      (false, false), (true, false), (false, true), (true, true),
    ] {
      let outcome = Self.report(verdicts).outcome(
        strict: strict, failOnImprovement: failOnImprovement)
      #expect(
        outcome.rawValue
          == Self.expected(Set(verdicts), strict: strict, failOnImprovement: failOnImprovement),
        "\(verdicts.map(\.rawValue)), strict \(strict), improvements \(failOnImprovement)")
    }
  }

  @Test func nothingComparedIsNeverAPass() {
    #expect(Self.report([]).outcome() == .incomplete)
    #expect(Self.report([.missing], policy: .init(missing: .warn)).outcome() == .incomplete)
    #expect(Self.report([], claims: [Self.claim(.missing)]).outcome() == .incomplete)
    #expect(Self.report([], claims: [Self.claim(.holds)]).outcome() == .passed)
  }

  @Test func emptyResultsAreIncomplete() throws {
    let baseline = try Sample.baseline(Sample.trials("ipm/krum", ["asr": [1, 1, 1]]))
    let report = Gate().check(Sample.results([]), against: baseline)
    #expect(report.comparedCount == 0)
    #expect(report.outcome() == .incomplete)
    #expect(Gate().check(Sample.results([])).outcome() == .incomplete)
  }

  @Test func reactionsDecideAboutGaps() {
    #expect(Self.report([.identical, .missing]).outcome() == .incomplete)
    #expect(
      Self.report([.identical, .missing], policy: .init(missing: .warn)).outcome() == .passed)
    #expect(
      Self.report([.identical, .incomparable], policy: .init(missing: .warn)).outcome()
        == .incomplete)
  }

  @Test(arguments: [
    (Policy.Reactions.Reaction.fail, 5, 5), (.warn, 0, 3), (.ignore, 0, 0),
  ])
  func reactionsDecideAboutExtraCells(
    reaction: Policy.Reactions.Reaction, code: Int, strictCode: Int
  ) {
    let report = Self.report([.identical], extra: ["x/y"], policy: .init(extra: reaction))
    #expect(report.outcome().rawValue == code)
    #expect(report.outcome(strict: true).rawValue == strictCode)
  }

  @Test func reactionsDecideAboutDoubts() {
    let report = Self.report([.identical, .inconclusive], policy: .init(inconclusive: .fail))
    #expect(report.outcome() == .uncertain)
    #expect(Self.report([.identical, .inconclusive]).outcome() == .passed)
  }

  @Test func warningsCountWhereItIsStrict() {
    let report = Self.report([.identical], warnings: ["odd"])
    #expect(report.outcome() == .passed)
    #expect(report.outcome(strict: true) == .uncertain)
  }

  @Test func brokenClaimsAreAsHardAsRegressions() {
    #expect(Self.report([.missing], claims: [Self.claim(.broken)]).outcome() == .regressed)
    #expect(
      Self.report([.pass], claims: [Self.claim(.broken, isKnownToFail: true)]).outcome(strict: true)
        == .passed)
    #expect(Self.report([.pass], claims: [Self.claim(.missing)]).outcome() == .incomplete)
    #expect(Self.report([.pass], claims: [Self.claim(.inconclusive)]).outcome() == .passed)
    #expect(
      Self.report([.pass], claims: [Self.claim(.inconclusive)]).outcome(strict: true) == .uncertain)
    #expect(
      Self.report([.pass], claims: [Self.claim(.inconclusive, isKnownToFail: true)])
        .outcome(strict: true) == .passed)
  }

  @Test func codesAreThoseOfTheTable() {
    #expect(GateOutcome.allCases.map(\.rawValue) == [0, 2, 3, 4, 5])
  }
}
