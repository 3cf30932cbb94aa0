import Federation
import Gating
import Metrics
import Results
import Simulation
import Suite
import Synchronization
import Testing

/// The gate against an engine with one mistake at a time, on the core scenario.
///
/// To the bit every mistake is found, in cells that it can touch and in no other. The statistical
/// gate has to see those with an effect beyond tolerance and noise; a table says what it made of
/// each.
@Suite(.serialized) struct PlantedFaultTests {
  private static let baseline = Result {
    try BaselineV1(
      recording: CoreRun.results(CoreRun.sound()), policy: policy, tool: "tests",
      now: "2026-01-01T00:00:00Z", why: "the sound engine")
  }

  /// Every metric is recorded; those with a tolerance decide, as `baseline make` has it.
  private static let policy = {
    var policy = Policy.gating(.builtIn)
    policy.watchUndefendedCells()
    for metric in MetricCatalog.builtIn.manifests
    where policy.metrics[metric.id] == nil && !metric.id.hasPrefix("cost.")
      && !metric.id.contains("<")
    {
      policy.metrics[metric.id] = .init(better: metric.gateDirection, gate: false)
    }
    return policy
  }()

  /// The faults that turn the statistical gate red with the five seeds of the scenario.
  ///
  /// The effects of the others are within the tolerance, within the noise of five seeds, or better for every
  /// defense; the article "Planted faults" tells which.
  private static let red: Set<String> = [
    "trimmed-mean-trims-less", "multi-krum-one-more", "clipping-twice", "clipping-mean-norm",
    "clipping-sum", "trigger-shifted", "backdoor-target", "backdoor-boost", "gamma", "label-flip",
    "alie-sign", "min-max-direction", "attack-late", "attack-outlasts", "partition-iid",
    "one-epoch-less", "asr-target-class", "weight-share",
  ]

  private static let table = Mutex<[FaultTableRow]>([])

  @Test func aSoundEngineIsIdentical() throws {
    var again = Fault.none
    again.cells = "attack=none,sign-flip"
    let results = try CoreRun.results(CoreRun.records(again))
    for isExact in [true, false] {
      let report = Gate(isExact: isExact).check(results, against: try Self.baseline.get())
      #expect(report.findings.count > 200)
      #expect(report.count(.identical) == report.findings.count)
      #expect(report.outcome(strict: true, failOnImprovement: true) == .passed)
    }
  }

  @Test(arguments: Fault.all) func theGateFinds(_ fault: Fault) throws {
    let baseline = try Self.baseline.get()
    let records = try CoreRun.records(fault)
    #expect(try records.map(\.key) == CoreRun.sound().map(\.key), "a fault keeps the trial keys")
    let results = try CoreRun.results(records)

    let exact = Gate(isExact: true).check(results, against: baseline)
    let changed = exact.findings.filter { $0.verdict != .identical }
    #expect(exact.outcome() == .regressed)
    #expect(!changed.isEmpty)
    for finding in changed {
      #expect(try fault.touches(finding), "\(finding.cell) \(finding.metric)")
    }

    let report = Gate().check(results, against: baseline)
    let decided = report.findings(.regression) + report.findings(.improved)
    for finding in decided { #expect(try fault.touches(finding)) }
    let effects = report.findings.filter { $0.verdict != .identical }
    #expect(!effects.isEmpty, "core has no gated metric that shows the fault")
    let bySeed = Dictionary(grouping: records, by: \.cell).mapValues { records in
      Dictionary(records.map { ($0.seed, $0) }) { $1 }
    }
    let cells = Dictionary(baseline.cells.map { ($0.name, $0) }) { $1 }
    if effects.contains(where: { isClear($0, bySeed, cells) }) {
      #expect(!decided.isEmpty, "an effect beyond tolerance and noise goes unseen")
    }
    if CoreRun.hasTheSeedsOfTheScenario {
      #expect((report.outcome() == .regressed) == Self.red.contains(fault.name))
    }
    print(fault, changed.count, report: report)
  }

  /// The faults above that name their cells run only these; here whole runs of one seed show that no
  /// other cell changes, for a fault of a rule and one of an attack.
  @Test(arguments: ["trimmed-mean-trims-less", "sign-flip-scale"])
  func aConfinedFaultChangesNoOtherCell(name: String) throws {
    let fault = try #require(Fault.all.first { $0.name == name })
    let cells = try Selection(try #require(fault.cells))
    let faulty = try CoreRun.wholeRun(fault, seed: 1)
    let sound = try CoreRun.sound().filter { $0.seed == 1 }
    #expect(faulty.map(\.key) == sound.map(\.key))
    var changedCount = 0
    for (record, right) in zip(faulty, sound) where !record.hasResult(of: right) {
      changedCount += 1
      #expect(
        cells.matches(["attack": record.attack, "defense": record.defense]), "\(record.cell)")
    }
    #expect(changedCount > 0)
  }

  /// A gap of the scenario, kept in sight: see ``Fault/unseen``.
  @Test func coreHasNoTiedSuspicions() throws {
    let results = try CoreRun.results(CoreRun.records(.unseen))
    let report = Gate(isExact: true).check(results, against: try Self.baseline.get())
    #expect(report.count(.identical) == report.findings.count)
  }

  /// Whether the mean change lies beyond the tolerance by a plain t test, corrected for a hundred of
  /// them: so many checks change with most faults.
  ///
  /// 8.610 is the upper 0.05 % point of Student's t with four degrees of freedom, for five seeds.
  private func isClear(
    _ finding: Finding, _ records: [String: [Int: TrialRecordV1]],
    _ cells: [String: BaselineV1.Cell]
  ) -> Bool {
    guard let cell = cells[finding.cell], let before = cell.metrics[finding.metric]
    else { return false }
    let after = cell.seeds.map { records[finding.cell]?[$0]?.metrics[finding.metric] ?? nil }
    let changes = zip(before, after).compactMap { old, new in
      old.flatMap { old in new.map { $0 - old } }
    }
    guard changes.count == 5 else { return false }
    let mean = changes.reduce(0, +) / 5
    let variance = changes.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4
    return mean.magnitude - 8.610 * (variance / 5).squareRoot() > finding.tolerance
  }

  /// Adds a row to the table, which is printed when all faults have one.
  private func print(_ fault: Fault, _ changedCount: Int, report: GateReport) {
    let row = FaultTableRow(fault, changedCount: changedCount, report: report)
    let rows = Self.table.withLock { rows in
      rows.append(row)
      return rows
    }
    if rows.count == Fault.all.count { Swift.print(FaultTableRow.text(rows)) }
  }
}

extension Fault {
  /// Whether the fault can change a number.
  func touches(_ finding: Finding) throws -> Bool {
    if isMisreading { return touchedMetrics.contains(finding.metric) }
    guard let cells = touchedCells ?? cells else { return true }
    let keys = ["attack": finding.attack, "defense": finding.defense]
    return try Selection(cells).matches(keys) || touchedMetrics.contains(finding.metric)
  }
}
