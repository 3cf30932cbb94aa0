import Results
import Testing

@testable import Gating

/// Gaps in the results, and results of something else.
@Suite struct MissingTests {
  private let before = Sample.trials("ipm/krum", ["asr": [0.5, 0.5, 0.5, 0.5]])

  private func check(_ now: [TrialRecordV1], gate: Gate = Gate()) throws -> GateReport {
    gate.check(Sample.results(now), against: try Sample.baseline(before))
  }

  @Test func aMissingCellIsAFinding() throws {
    let report = try check(Sample.trials("none/mean", ["asr": [0.5, 0.5, 0.5]]))
    #expect(report.findings.map(\.verdict) == [.missing])
    #expect(report.findings[0].message == "the results have no such cell")
    #expect(report.extraCells == ["none/mean"])
    #expect(report.outcome() == .incomplete)
  }

  @Test func cellsThatLostSeedsAreMissing() throws {
    let report = try check(Array(before.dropLast()))
    #expect(report.findings.map(\.verdict) == [.missing])
    #expect(report.findings[0].message == "the results lack seed 4")
    #expect(report.warnings.isEmpty && report.outcome() == .incomplete)
    // What is left may be worse all the same.
    let worse = try check(Sample.trials("ipm/krum", ["asr": [0.9, 0.9, 0.9]]))
    #expect(worse.findings.map(\.verdict) == [.regression])
  }

  @Test func lostSeedsAreAWarningIfThePolicySaysSo() throws {
    var baseline = try Sample.baseline(before)
    baseline.policy.reactions.missing = .warn
    let report = Gate().check(Sample.results(Array(before.dropLast())), against: baseline)
    #expect(report.findings.map(\.verdict) == [.identical])
    #expect(report.findings[0].seeds == [1, 2, 3])
    #expect(
      report.warnings == [
        "the results lack seed 4 of ipm/krum: compared over the seeds that are there"
      ])
    #expect(report.outcome() == .passed)
    #expect(report.outcome(strict: true) == .uncertain)
  }

  @Test func furtherSeedsAreNoGap() throws {
    let more = Sample.trials("ipm/krum", ["asr": [0.5, 0.5, 0.5, 0.5, 0.9]])
    let report = try check(more)
    #expect(report.findings.map(\.verdict) == [.identical])
    #expect(report.warnings.isEmpty)
  }

  @Test func otherSeedsAreMissing() throws {
    let report = try check(Sample.trials("ipm/krum", ["asr": [0.5, 0.5]], seeds: [8, 9]))
    #expect(report.findings.map(\.verdict) == [.missing])
    #expect(report.findings[0].message == "the results lack seeds 1, 2, 3, 4")
  }

  @Test func aFailedTrialIsNamed() throws {
    var now = before
    now[1] = Sample.record("ipm/krum", seed: 2, status: .error, message: "out of memory")
    let report = try check(now)
    #expect(report.findings[0].seeds == [1, 3, 4])
    #expect(report.findings[0].message == "seed 2: the trial failed: out of memory")
    #expect(report.outcome() == .incomplete)
    #expect(
      report.warnings.contains("ipm/krum, seed 2: the trial failed: out of memory"))
    let exact = try check(now, gate: Gate(isExact: true))
    #expect(
      exact.findings.map(\.message)
        == Array(
          repeating: "seed 2: the trial failed: out of memory", count: 2))
    #expect(exact.outcome() == .incomplete)
  }

  @Test func aCellThatIsNotApplicableAnyMoreSaysWhy() throws {
    let now = (1...4).map {
      Sample.record("ipm/krum", seed: $0, status: .notApplicable, message: "n < 2f + 3")
    }
    let report = try check(now)
    #expect(report.findings.map(\.verdict) == [.missing])
    #expect(report.findings[0].message == "seed 1: not applicable: n < 2f + 3")
    #expect(report.warnings.isEmpty)
    #expect(report.outcome() == .incomplete)
  }

  @Test func theLastOfTwoTrialsCounts() throws {
    var now = before
    now.insert(
      Sample.record("ipm/krum", seed: 2, status: .timeout, message: "slow"), at: 0)
    #expect(try check(now).warnings.isEmpty)
    now.append(now.removeFirst())
    #expect(try check(now).findings[0].seeds == [1, 3, 4])
  }

  @Test func metricsThatAreNotKnownAreGaps() throws {
    let other = Sample.trials("ipm/krum", ["accuracy": [0.5, 0.5, 0.5, 0.5]])
    let report = try check(other)
    #expect(report.findings[0].verdict == .missing)
    #expect(report.findings[0].message == "the results do not know the metric 'asr'")
    var baseline = try Sample.baseline(before)
    baseline.policy.metrics["norm"] = .init(better: .none)
    let later = Gate().check(Sample.results(before), against: baseline)
    #expect(later.findings.map(\.verdict) == [.identical, .incomparable])
    #expect(
      later.findings[1].message
        == "the baseline has no values of it; 'baseline accept' records them")
  }

  struct Difference: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var reason: String
    var change: @Sendable (inout ResultSet) -> Void
  }

  static let differences: [Difference] = [
    .init(
      testDescription: "engine",
      reason: "the baseline is of engine 1, the results are of engine 2: "
        + "numbers of different engines do not compare"
    ) { $0.engine = 2 },
    .init(
      testDescription: "mixed engines",
      reason: "the results mix engines: ipm/krum, seed 3, is of engine 7"
    ) { $0.records[2].engine = 7 },
    .init(
      testDescription: "data",
      reason: "other data: digits d1 then, digits d2 now"
    ) { $0.data[0].sha256 = "d2" },
    .init(
      testDescription: "rounds", reason: "another setting: rounds was 60, is 30"
    ) { $0.resolved = Sample.resolved(rounds: 30) },
    .init(
      testDescription: "attack",
      reason: "another attack 'ipm': epsilon was 0.5, is 0.25"
    ) { $0.resolved = Sample.resolved(epsilon: 0.25) },
  ]

  @Test(arguments: differences, [false, true])
  func otherMeasurementsAreIncomparable(_ difference: Difference, isExact: Bool) throws {
    var now = Sample.results(before)
    difference.change(&now)
    let baseline = try Sample.baseline(before)
    let report = Gate(isExact: isExact).check(now, against: baseline)
    #expect(report.findings.map(\.verdict) == [.incomparable])
    #expect(report.findings.map(\.message) == [difference.reason])
    #expect(report.outcome() == .incomplete)
    let tolerant = Gate(isExact: isExact, refusesOtherSettings: false).check(now, against: baseline)
    #expect(tolerant.findings.allSatisfy { $0.verdict == .identical })
    #expect(tolerant.notes == [difference.reason])
  }

  @Test func anotherAttackConcernsItsCellsOnly() throws {
    let both = before + Sample.trials("none/krum", ["asr": [0.5, 0.5, 0.5]])
    let now = Sample.results(both, resolved: Sample.resolved(epsilon: 1))
    let report = Gate().check(now, against: try Sample.baseline(both))
    #expect(report.findings.map(\.verdict) == [.incomparable, .identical])
  }

  @Test func anotherDefenseIsOnlyNoted() throws {
    let now = Sample.results(before, resolved: Sample.resolved(f: 5))
    let report = Gate().check(now, against: try Sample.baseline(before))
    #expect(report.findings.map(\.verdict) == [.identical])
    #expect(report.notes == ["the defense 'krum' was changed: f was 4, is 5"])
    #expect(report.outcome(strict: true) == .passed)
  }

  @Test func aCombinationThatIsGoneIsMissing() throws {
    let axes = ["threat.malicious": "0.2"]
    let old = Sample.trials("ipm/krum", ["asr": [0.5, 0.5, 0.5]], axes: axes)
    let baseline = try Sample.baseline(
      Sample.results(old, resolved: Sample.resolved(axes: axes)))
    let report = Gate().check(Sample.results(before), against: baseline)
    #expect(report.findings.map(\.cell) == ["ipm/krum threat.malicious=0.2"])
    #expect(report.findings.map(\.verdict) == [.missing])
    #expect(report.extraCells == ["ipm/krum"])
  }

  @Test func filtersRestrictBothSides() throws {
    let both = before + Sample.trials("none/mean", ["asr": [0.5, 0.5, 0.5]])
    let gate = Gate { $0["attack"] == "none" }
    let report = gate.check(
      Sample.results(both + Sample.trials("ipm/mean", ["asr": [0.5]])),
      against: try Sample.baseline(both))
    #expect(report.findings.map(\.cell) == ["none/mean"])
    #expect(report.extraCells.isEmpty)
  }
}
