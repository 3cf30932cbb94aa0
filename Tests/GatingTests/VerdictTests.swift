import Results
import Testing

@testable import Gating

/// Every verdict by hand, with the text that a user reads.
@Suite struct VerdictTests {
  @Test func equalNumbersAreIdentical() throws {
    let finding = try #require(
      try Sample.finding("accuracy", [0.5, 0.75, 1], [0.5, 0.75, 1]))
    #expect(finding.verdict == .identical)
    #expect(finding.message == "identical in 3 seeds")
    #expect(finding.worsening == 0)
    #expect(finding.description == "ipm/krum accuracy: identical: identical in 3 seeds")
    // Nothing changed anywhere, so nothing is known of the noise: the tolerance is what is left.
    #expect(finding.smallestVisible == 0.0625)
  }

  @Test func aSmallWorseningPasses() throws {
    let finding = try #require(try Sample.finding("accuracy", [0.5, 0.75, 1], [0.5, 0.75, 0.875]))
    #expect(finding.verdict == .pass)
    #expect(
      finding.message == "0.708 after 0.750, worse by 0.042, tolerance 0.062, 3 seeds")
    #expect(finding.pValue == nil)
  }

  @Test func aMeanOfZeroIsUnchanged() throws {
    let finding = try #require(try Sample.finding("asr", [0.5, 0.75, 1], [0.75, 0.5, 1]))
    #expect(finding.verdict == .pass)
    #expect(finding.message == "0.750 after 0.750, unchanged, tolerance 0.062, 3 seeds")
  }

  @Test func aLargeSteadyWorseningIsARegression() throws {
    let finding = try #require(
      try Sample.finding("accuracy", [0.5, 0.75, 1], [0.25, 0.5, 0.75]))
    #expect(finding.verdict == .regression)
    #expect(
      finding.message
        == "0.500 after 0.750, worse by 0.250, tolerance 0.062, 3 seeds, p < 0.0001")
    #expect(finding.interval == -0.25 ... -0.25)
  }

  @Test func aLargeSteadyImprovementIsTold() throws {
    let finding = try #require(
      try Sample.finding("asr", [0.5, 0.75, 1], [0.25, 0.5, 0.75]))
    #expect(finding.verdict == .improved)
    #expect(
      finding.message == "0.500 after 0.750, better by 0.250, tolerance 0.062, 3 seeds, p < 0.0001")
  }

  @Test func whatChanceExplainsIsInconclusive() throws {
    let finding = try #require(try Sample.finding("asr", [0.5, 0.5, 0.5], [0, 0.5, 1.375]))
    #expect(finding.verdict == .inconclusive)
    // Mean 0.125, variance 31/64, six degrees of freedom: t = 0.3110.
    let p = try #require(finding.pValue)
    #expect(abs(p - 0.3832) < 0.0005)
    let more = try #require(finding.moreSeeds)
    #expect(
      finding.message
        == "0.625 after 0.500, worse by 0.125, tolerance 0.062, 3 seeds, p = 0.383, "
        + "needs about \(more) more seeds")
  }

  @Test func fewSeedsDecideNothing() throws {
    let finding = try #require(try Sample.finding("asr", [0.5, 0.5], [1, 1]))
    #expect(finding.verdict == .inconclusive)
    #expect(
      finding.message
        == "1.000 after 0.500, worse by 0.500, tolerance 0.062, 2 seeds, "
        + "2 common seeds, 3 needed")
    let one = try #require(try Sample.finding("asr", [0.5], [1]))
    #expect(one.reason == "1 common seed, 3 needed")
    let same = try #require(try Sample.finding("asr", [0.5], [0.5]))
    #expect(same.verdict == .identical)
    #expect(same.smallestVisible == nil)
  }

  @Test func aNumberThatWentAwayIsARegression() throws {
    let finding = try #require(
      try Sample.finding("asr", [0.5, 0.5, 0.5], [0.5, nil, nil]))
    #expect(finding.verdict == .regression)
    #expect(finding.reason == "has no value any more in seeds 2, 3")
    #expect(finding.seeds == [1, 2, 3])
    let all = try #require(try Sample.finding("asr", [0.5, 0.5, 0.5], [nil, nil, nil]))
    #expect(all.verdict == .regression)
    #expect(all.message == "has no value any more in seeds 1, 2, 3")
    #expect(all.baseline == nil)
  }

  @Test func aNumberThatAppearedIsARegression() throws {
    let finding = try #require(
      try Sample.finding("asr", [nil, 0.5, 0.5], [0.5, 0.5, 0.5]))
    #expect(finding.verdict == .regression)
    #expect(
      finding.message
        == "0.500 after 0.500, unchanged, tolerance 0.062, 3 seeds, "
        + "had no value in seed 1 and has one now")
  }

  @Test func noNumberOnEitherSideIsNoCheck() throws {
    #expect(try Sample.finding("asr", [nil, nil, nil], [nil, nil, nil]) == nil)
  }

  @Test func aSeedWithoutNumbersOnBothSidesIsNoEvidence() throws {
    let finding = try #require(
      try Sample.finding("asr", [0.5, nil, 0.5, 0.5], [0.75, nil, 0.75, 0.75]))
    #expect(finding.verdict == .regression)
    #expect(finding.seeds == [1, 3, 4])
    let few = try #require(try Sample.finding("asr", [0.5, nil, 0.5], [0.75, nil, 0.75]))
    #expect(few.verdict == .inconclusive)
    #expect(few.reason == "2 common seeds, 3 needed")
  }

  @Test func whereNeitherDirectionIsBetterBothAreWorse() throws {
    for after in [[0.75, 0.75, 0.75], [0.25, 0.25, 0.25]] {
      let finding = try #require(try Sample.finding("norm", [0.5, 0.5, 0.5], after))
      #expect(finding.verdict == .regression)
      #expect(finding.worsening == 0.25)
      let change = after[0] - 0.5
      #expect(finding.interval == change...change)
      #expect(finding.message.contains("changed by 0.250"))
    }
  }

  @Test func theLargerToleranceCounts() throws {
    var policy = Sample.policy
    policy.metrics["asr"]?.rel = 0.5
    let finding = try #require(
      try Sample.finding("asr", [0.5, 0.5, 0.5], [0.75, 0.75, 0.75], policy: policy))
    #expect(finding.tolerance == 0.25)
    #expect(finding.verdict == .pass)
    policy.metrics["asr"]?.rel = 0.0625
    let small = try #require(
      try Sample.finding("asr", [0.5, 0.5, 0.5], [0.75, 0.75, 0.75], policy: policy))
    #expect(small.tolerance == 0.0625)
    #expect(small.verdict == .regression)
  }

  @Test func boundsAreInconclusiveUnlessEqual() throws {
    let before = (1...3).map {
      Sample.record("ipm/krum", seed: $0, ["asr": 10], censored: $0 == 2 ? ["asr"] : [])
    }
    let baseline = try Sample.baseline(before)
    #expect(baseline.cells[0].censored == ["asr": [2]])
    let same = Gate().check(Sample.results(before), against: baseline)
    #expect(same.findings.map(\.verdict) == [.identical])
    var worse = before
    for index in worse.indices { worse[index].metrics["asr"] = 20 }
    let finding = Gate().check(Sample.results(worse), against: baseline).findings[0]
    #expect(finding.verdict == .inconclusive)
    #expect(finding.reason == "only a lower bound in seed 2")
    #expect(finding.worsening == 10)
    var uncensored = before
    uncensored[1].censored = []
    let exact = Gate(isExact: true).check(Sample.results(uncensored), against: baseline)
    #expect(exact.findings.first?.verdict == .regression)
  }

  @Test func figuresAreShort() {
    #expect(
      [0, 0.06912, -0.5, 0.0004, 1e9].map(Figure.text) == [
        "0", "0.069", "-0.500", "4.0e-04", "1.0e+09",
      ])
    #expect([Double.nan, .infinity, -.infinity].map(Figure.text) == ["nan", "inf", "-inf"])
    #expect([0, 0.25, -0.25].map(Figure.signed) == ["0", "+0.250", "−0.250"])
    #expect([0.00005, 0.0021, 0.25].map(Figure.p) == ["< 0.0001", "= 0.0021", "= 0.250"])
  }
}
