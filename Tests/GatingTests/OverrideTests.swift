import Results
import Testing

@testable import Gating

@Suite struct OverrideTests {
  private let before =
    Sample.trials("ipm/krum", ["asr": [0.5, 0.5, 0.5]])
    + Sample.trials("none/krum", ["asr": [0.5, 0.5, 0.5]])

  private func report(
    _ overrides: [Policy.Override], today: String? = nil
  ) throws -> GateReport {
    var policy = Sample.policy
    policy.overrides = overrides
    var now = before
    for index in now.indices { now[index].metrics["asr"] = 0.75 }
    return Gate(today: today).check(
      Sample.results(now), against: try Sample.baseline(before, policy: policy))
  }

  private func override(
    _ attack: String, abs: Double? = nil, rel: Double? = nil, gate: Bool? = nil,
    why: String = "ties", until: String? = nil
  ) -> Policy.Override {
    .init(
      cells: CellFilter(["attack": .oneOf([attack])]),
      metrics: ["asr": .init(abs: abs, rel: rel, gate: gate)], why: why, until: until)
  }

  @Test func anOverrideChangesItsCellsOnly() throws {
    let report = try report([override("ipm", abs: 0.5)])
    #expect(report.findings.map(\.verdict) == [.pass, .regression])
    #expect(report.findings.map(\.tolerance) == [0.5, 0.0625])
    #expect(report.findings[0].message.hasSuffix(", override: ties"))
    #expect(report.findings[1].override == nil)
    #expect(report.warnings.isEmpty)
  }

  @Test func theLastOneThatMatchesWins() throws {
    let report = try report([override("ipm", abs: 0.5), override("*", abs: 0.125, why: "later")])
    #expect(report.findings.map(\.tolerance) == [0.125, 0.125])
    #expect(report.findings.map(\.override) == ["later", "later"])
  }

  @Test func whatAnOverrideLeavesOutStays() throws {
    let report = try report([override("ipm", rel: 0.75), override("ipm", abs: 0.25)])
    #expect(report.findings[0].tolerance == 0.375)
  }

  @Test(arguments: [("2026-06-30", true), ("2026-07-01", false)])
  func anOverrideHoldsThroughItsLastDay(today: String, holds: Bool) throws {
    let report = try report([override("ipm", abs: 0.5, until: "2026-06-30")], today: today)
    #expect(report.findings[0].verdict == (holds ? .pass : .regression))
    #expect(
      report.warnings
        == (holds ? [] : ["the override 'ties' ended on 2026-06-30 and is not applied"]))
  }

  @Test func withoutADayNoneEnds() throws {
    let report = try report([override("ipm", abs: 0.5, until: "1999-01-01")])
    #expect(report.findings[0].verdict == .pass)
  }

  @Test func aCellThatDoesNotDecideIsNotCompared() throws {
    let report = try report([override("ipm", gate: false)])
    #expect(report.findings.map(\.cell) == ["none/krum"])
  }

  @Test func anOverrideThatMeetsNoCellWarns() throws {
    #expect(
      try report([override("ipn", abs: 0.5)]).warnings
        == ["the override 'ties': no attack is 'ipn'; did you mean 'ipm'?"])
    var both = override("ipm", abs: 0.5)
    both.cells.conditions["defense"] = .oneOf(["krum"])
    both.cells.conditions["atack"] = .oneOf(["ipm"])
    #expect(
      try report([both]).warnings
        == ["the override 'ties': no cell has 'atack'; did you mean 'attack'?"])
  }

  @Test func conditionsThatMeetDifferentCellsWarn() throws {
    let cells = before + Sample.trials("none/mean", ["asr": [0.5, 0.5, 0.5]])
    var policy = Sample.policy
    policy.overrides = [override("ipm", abs: 0.5)]
    policy.overrides[0].cells.conditions["defense"] = .oneOf(["mean"])
    let report = Gate().check(
      Sample.results(cells), against: try Sample.baseline(cells, policy: policy))
    #expect(report.warnings == ["the override 'ties': no cell meets all conditions at once"])
  }

  @Test(arguments: [
    (CellFilter.Condition.oneOf(["0.20"]), true), (.oneOf(["0.3", "2e-1"]), true),
    (.oneOf(["0.25"]), false), (.oneOf(["*"]), true), (.between(min: nil, max: 0.2), true),
    (.between(min: 0.2, max: nil), true), (.between(min: 0.21, max: 1), false),
    (.between(min: nil, max: 0.1), false), (.oneOf([]), false),
  ])
  func conditionsHoldOrDoNot(condition: CellFilter.Condition, holds: Bool) {
    let cell = ["attack": "ipm", "defense": "krum", "threat.malicious": "0.2"]
    #expect(CellFilter(["threat.malicious": condition]).matches(cell) == holds)
    #expect(
      CellFilter(["threat.malicious": condition, "attack": .oneOf(["x"])]).matches(cell) == false)
    #expect(!CellFilter(["clients": condition]).matches(cell))
  }

  @Test func textIsNeverBetweenNumbers() {
    let filter = CellFilter(["attack": .between(min: 0, max: 1)])
    #expect(!filter.matches(["attack": "ipm"]))
    #expect(filter.problem(among: [["attack": "ipm"]]) == "no attack lies within the bounds")
  }
}
