import Results
import Testing

@testable import Gating

@Suite struct ExactTests {
  private let before = Sample.trials("ipm/krum", ["asr": [0.5, 0.5, 0.5], "accuracy": [1, 1, 1]])

  private func check(_ now: [TrialRecordV1]) throws -> GateReport {
    Gate(isExact: true).check(Sample.results(now), against: try Sample.baseline(before))
  }

  @Test func equalResultsAreIdentical() throws {
    let report = try check(before)
    #expect(report.findings.map(\.metric) == ["accuracy", "asr", "parameters"])
    #expect(report.findings.allSatisfy { $0.verdict == .identical && $0.tolerance == 0 })
    #expect(report.outcome(strict: true) == .passed)
    #expect(report.visibility.isEmpty)
  }

  @Test(arguments: [1.0, -1]) func oneUnitInTheLastPlaceIsARegression(sign: Double) throws {
    var now = before
    now[1].metrics["asr"] = 0.5 + sign * 0.5.ulp
    let report = try check(now)
    #expect(report.findings.map(\.verdict) == [.identical, .regression, .identical])
    #expect(report.findings[1].reason == "differs in seed 2")
    #expect(report.findings[1].pValue == nil)
    #expect(report.outcome() == .regressed)
  }

  @Test func anotherDigestAloneIsARegression() throws {
    var now = before
    now[2].parametersSHA256 = String(repeating: "cd", count: 32)
    let report = try check(now)
    #expect(report.findings.map(\.verdict) == [.identical, .identical, .regression])
    #expect(report.findings[2].message == "the final parameters differ in seed 3")
    now[2].parametersSHA256 = nil
    #expect(try check(now).findings[2].verdict == .regression)
    // The statistical gate does not look at them.
    let baseline = try Sample.baseline(before)
    #expect(Gate().check(Sample.results(now), against: baseline).outcome() == .passed)
  }

  @Test func missingSeedsAreMissing() throws {
    let report = try check(Array(before.dropFirst()))
    #expect(report.findings.map(\.verdict) == [.missing, .missing, .missing])
    #expect(report.findings.allSatisfy { $0.message == "the results lack seed 1" })
    #expect(report.outcome() == .incomplete)
  }

  @Test func aDifferenceIsHarderThanAGap() throws {
    var now = Array(before.dropFirst())
    now[0].metrics["asr"] = 0.75
    #expect(try check(now).findings[1].verdict == .regression)
  }

  @Test func metricsThatDoNotDecideAreComparedToo() throws {
    var policy = Sample.policy
    policy.metrics["asr"]?.gate = false
    var now = before
    now[0].metrics["asr"] = 0.25
    let baseline = try Sample.baseline(before, policy: policy)
    let exact = Gate(isExact: true).check(Sample.results(now), against: baseline)
    #expect(exact.findings[1].verdict == .regression)
    let usual = Gate().check(Sample.results(now), against: baseline)
    #expect(usual.findings.map(\.metric) == ["accuracy"])
  }

  @Test func aNumberThatCameOrWentIsARegression() throws {
    var now = before
    now[0].metrics["asr"] = .some(nil)
    let report = try check(now)
    #expect(report.findings[1].verdict == .regression)
    #expect(report.findings[1].reason == "has no value any more in seed 1")
  }
}
