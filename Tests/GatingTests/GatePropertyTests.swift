import Results
import Testing
import _TestSupport

@testable import Gating

@Suite struct GatePropertyTests {
  private static let policy = Policy(metrics: [
    "accuracy": .init(better: .higher, abs: 0.01), "asr": .init(better: .lower, abs: 0.01),
  ])

  private func report(
    _ before: [TrialRecordV1], _ after: [TrialRecordV1], claims: [Claim] = []
  ) throws -> GateReport {
    Gate().check(
      Sample.results(after), against: try Sample.baseline(before, policy: Self.policy),
      claims: claims)
  }

  @Test(arguments: 1...8) func theOrderOfTheTrialsIsNothing(number: UInt64) throws {
    let before = Sample.noisy(number)
    let after =
      Sample.noisy(number + 100) + [Sample.record("x/y", seed: 1, status: .error, message: "no")]
      + Sample.trials("x/z", ["asr": [0, 1, 0.5]])
    let claims = [Claim.Over.everyCell, .worst, .mean].map {
      Claim(
        id: $0.rawValue, cells: CellFilter(["attack": .oneOf(["a*"])]),
        bounds: [.init(metric: "asr", relation: .atMost, value: 0.2)], over: $0)
    }
    let expected = try report(before, after, claims: claims)
    var random = SeededGenerator(number)
    #expect(
      try report(
        before.shuffled(using: &random), after.shuffled(using: &random), claims: claims)
        == expected)
    #expect(expected.findings.count > 5)
  }

  @Test(arguments: 1...4) func theOrderOfTheCellsIsOnlyOrder(number: UInt64) throws {
    let after = Sample.results(Sample.noisy(number + 100))
    var baseline = try Sample.baseline(Sample.noisy(number), policy: Self.policy)
    let expected = Gate().check(after, against: baseline)
    var random = SeededGenerator(number)
    baseline.cells.shuffle(using: &random)
    let found = Gate().check(after, against: baseline)
    #expect(Set(found.findings) == Set(expected.findings))
    #expect(found.findings.map(\.cell) != expected.findings.map(\.cell))
  }

  @Test(arguments: 1...6) func shiftingBothSidesIsNothing(number: UInt64) throws {
    // Multiples of 1/1024 add and subtract without rounding.
    func grid(_ number: UInt64, plus shift: Double) -> [TrialRecordV1] {
      var records = Sample.noisy(number)
      for index in records.indices {
        records[index].metrics = records[index].metrics.mapValues { value in
          value.map { ($0 * 1024).rounded() / 1024 + shift }
        }
      }
      return records
    }
    let plain = try report(grid(number, plus: 0), grid(number + 50, plus: 0)).findings
    let shifted = try report(grid(number, plus: 8), grid(number + 50, plus: 8)).findings
    #expect(plain.map(\.verdict) == shifted.map(\.verdict))
    #expect(plain.map(\.pValue) == shifted.map(\.pValue))
    #expect(plain.map(\.smallestVisible) == shifted.map(\.smallestVisible))
  }

  @Test(arguments: 1...4) func resultsAreIdenticalToTheirOwnBaseline(number: UInt64) throws {
    let records = Sample.noisy(number)
    let usual = try report(records, records)
    #expect(usual.findings.count == 12)
    #expect(usual.findings.allSatisfy { $0.verdict == .identical })
    #expect(usual.outcome(strict: true, failOnImprovement: true) == .passed)
    let baseline = try Sample.baseline(records, policy: Self.policy)
    let text = try BaselineV1(text: baseline.text, path: "b.json")
    let exact = Gate(isExact: true).check(Sample.results(records), against: text)
    #expect(exact.findings.count == 18)
    #expect(exact.findings.allSatisfy { $0.verdict == .identical })
  }

  @Test(arguments: 1...4) func anIdenticalCheckIsNoTest(number: UInt64) throws {
    let (before, after) = (Sample.noisy(number), Sample.noisy(number + 20))
    let more = Sample.trials("z/z", ["accuracy": [0.5, 0.5, 0.5], "asr": [0.5, 0.5, 0.5]])
    let plain = try report(before, after).findings
    let padded = try report(before + more, after + more).findings
    #expect(Array(padded.prefix(plain.count)).map(Self.lineless) == plain.map(Self.lineless))
    #expect(padded.dropFirst(plain.count).map(\.verdict) == [.identical, .identical])
  }

  private static func lineless(_ finding: Finding) -> Finding {
    var finding = finding
    finding.line = nil
    return finding
  }

  /// What the gate says it could have seen is what it sees.
  @Test(arguments: 1...12, ["accuracy", "asr", "norm"])
  func theSmallestVisibleChangeIsTheBorder(number: UInt64, metric: String) throws {
    // Noise around no change: every check is tested, none is small.
    var random = SeededGenerator(number)
    let sizes = (0..<8).map { _ in
      (0..<5).map { _ in Double.random(in: -0.1...0.1, using: &random) }
    }
    let before = (0..<8).flatMap { Sample.trials("a\($0)/d", [metric: [0.5, 0.5, 0.5, 0.5, 0.5]]) }
    func after(_ shift: Double) -> [TrialRecordV1] {
      (0..<8).flatMap { cell in
        let mean = sizes[cell].reduce(0, +) / 5
        // Centered, so that the shift is the mean.
        let target = cell == 3 ? shift : 0
        return Sample.trials("a\(cell)/d", [metric: sizes[cell].map { 0.5 + $0 - mean + target }])
      }
    }
    let policy = Policy(metrics: [
      metric: .init(better: metric == "accuracy" ? .higher : metric == "asr" ? .lower : .none)
    ])
    let baseline = try Sample.baseline(before, policy: policy)
    func check(_ shift: Double) throws -> Finding {
      let report = Gate().check(Sample.results(after(shift)), against: baseline)
      return try #require(report.findings.first { $0.cell == "a3/d" })
    }
    let sign = metric == "accuracy" ? -1.0 : 1.0
    let border = try #require(try check(sign * 0.0001).smallestVisible)
    #expect(border > 0.01)
    #expect(try check(sign * border * 1.001).verdict == .regression)
    #expect(try check(sign * border * 0.999).verdict == .inconclusive)
    #expect(try check(sign * border * 0.9).verdict == .inconclusive)
  }

  @Test func theBorderOfAnIdenticalCheckHoldsToo() throws {
    let (before, after) = (Sample.noisy(3), Sample.noisy(4))
    let quiet = Sample.trials("z/z", ["accuracy": [0.5, 0.5, 0.5, 0.5, 0.5]])
    let plain = try report(before + quiet, after + quiet)
    let border = try #require(
      plain.findings.first { $0.cell == "z/z" }?.smallestVisible)
    let moved = Sample.trials("z/z", ["accuracy": (0..<5).map { _ in 0.5 - 1.01 * border }])
    let finding = try #require(
      try report(before + quiet, after + moved).findings.first { $0.cell == "z/z" })
    #expect(finding.verdict == .regression)
  }

  @Test(arguments: [Double.leastNonzeroMagnitude, 1e-300, 1e-9, 0.5])
  func anyLegalAlphaGivesAFiniteBorder(alpha: Double) throws {
    var policy = Self.policy
    policy.alpha = alpha
    let baseline = try Sample.baseline(Sample.noisy(1), policy: policy)
    let report = Gate().check(Sample.results(Sample.noisy(2)), against: baseline)
    #expect(report.findings.allSatisfy { $0.smallestVisible?.isFinite == true })
  }

  @Test func whatAMetricCouldHaveShownIsSummedUp() throws {
    let report = try report(Sample.noisy(5), Sample.noisy(6))
    #expect(report.visibility.map(\.metric) == ["accuracy", "asr"])
    for visibility in report.visibility {
      let own = report.findings.filter { $0.metric == visibility.metric }
      let sizes = own.compactMap(\.smallestVisible).sorted()
      #expect(visibility.checkCount == 6)
      #expect(visibility.tolerance == 0.01)
      #expect(visibility.largest == sizes.last)
      #expect(visibility.median == (sizes[2] + sizes[3]) / 2)
      #expect(
        own.first { $0.smallestVisible == sizes.last }?.cell == visibility.largestCell)
      #expect(visibility.blindCount == sizes.count { $0 > 0.02 })
    }
  }

  @Test func aNoisyCellDoesNotMakeQuietOnesRed() {
    let quiet = (0..<5).map { shift in
      ModeratedTest.Sample(metric: "m", worsening: [0.01, -0.01, 0.005 + Double(shift) / 1e4])
    }
    let loud = ModeratedTest.Sample(metric: "m", worsening: [0.3, -0.1, 0.25])
    let test = ModeratedTest(quiet + [loud])
    // Its own variance, not one that the quiet ones shrank.
    let own = (0.15 * 0.15 + 0.25 * 0.25 + 0.1 * 0.1) / 2
    #expect(abs(test.outcomes[5].standardError - (own / 3).squareRoot()) < 1e-15)
    #expect(test.outcomes[5].pValue > 0.05)
    #expect(ModeratedTest([]).outcomes.isEmpty)
  }
}
