import Results
import Testing

@testable import Gating

@Suite struct BaselineChangingTests {
  private let before =
    Sample.trials("ipm/krum", ["asr": [0.5, 0.5]])
    + Sample.trials("none/mean", ["asr": [0.1, 0.1]])
  private let entry = BaselineV1.Entry(at: "2026-02-02T00:00:00Z", by: "me", why: "new", cells: 1)

  @Test func recordingKeepsWhatIsNeeded() throws {
    var records = before
    records.append(Sample.record("ipm/mean", seed: 1, status: .notApplicable, message: "no"))
    records[1].censored = ["asr"]
    records.reverse()
    let baseline = try Sample.baseline(records)
    #expect(baseline.cells.map(\.name) == ["ipm/krum", "none/mean"])
    #expect(baseline.cells[0].seeds == [1, 2])
    #expect(baseline.cells[0].metrics == ["asr": [0.5, 0.5]])
    #expect(baseline.cells[0].censored == ["asr": [2]])
    #expect(baseline.cells[0].parameters == ["abababababababab", "abababababababab"])
    #expect(baseline.origin.engine == 1)
    #expect(baseline.origin.scenario == "core")
    #expect(baseline.origin.data == Sample.data)
    #expect(baseline.origin.settings.map(\.axes) == [[:]])
    #expect(Set(baseline.origin.settings[0].attacks.keys) == ["none", "ipm"])
    #expect(baseline.origin.settings[0].scenario == ["rounds": 60])
    #expect(
      baseline.history == [.init(at: "2026-01-01T00:00:00Z", by: "ci", why: "first", cells: 2)])
  }

  @Test func onlyWholeResultsAreRecorded() throws {
    let failed = (1...5).map {
      Sample.record("x/y", seed: $0, status: .error, message: "out of memory")
    }
    #expect(throws: BaselineError.noTrials) { try Sample.baseline([]) }
    let error = #expect(throws: BaselineError.self) { try Sample.baseline(before + failed) }
    #expect(
      error?.description
        == "5 trials failed, and a baseline has to be whole: x/y, seed 1: the trial failed: out of "
        + "memory; x/y, seed 2: the trial failed: out of memory; x/y, seed 3: the trial failed: out "
        + "of memory")
    #expect(throws: BaselineError.unknownMetrics(["acuracy"])) {
      try BaselineV1(
        recording: Sample.results(before),
        policy: Policy(metrics: ["asr": .init(better: .lower), "acuracy": .init(better: .higher)]),
        tool: "x", now: "x", why: "x")
    }
  }

  @Test func equalResultsChangeNothing() throws {
    let baseline = try Sample.baseline(before)
    #expect(try baseline.changes(in: Sample.results(before)).isEmpty)
    let read = try BaselineV1(text: baseline.text, path: "b.json")
    #expect(try read.changes(in: Sample.results(before)).isEmpty)
  }

  @Test func changedAndNewCellsAreFound() throws {
    let baseline = try Sample.baseline(before)
    var now = before + Sample.trials("ipm/mean", ["asr": [0.9, 0.9]])
    now[0].metrics["asr"] = 0.75
    let changes = try baseline.changes(in: Sample.results(now))
    #expect(changes.map(\.after.name) == ["ipm/krum", "ipm/mean"])
    #expect(changes.map { $0.before == nil } == [false, true])
    let some = try baseline.changes(in: Sample.results(now)) { $0["defense"] == "mean" }
    #expect(some.map(\.after.name) == ["ipm/mean"])
    var digest = before
    digest[3].parametersSHA256 = String(repeating: "00", count: 32)
    #expect(try baseline.changes(in: Sample.results(digest)).map(\.after.name) == ["none/mean"])
  }

  @Test func acceptingMakesTheGateGreen() throws {
    var baseline = try Sample.baseline(before)
    var now = before + Sample.trials("a/b", ["asr": [0.9, 0.9]])
    now[0].metrics["asr"] = 0.75
    let results = Sample.results(now, resolved: Sample.resolved(f: 9))
    baseline.accept(try baseline.changes(in: results), from: results, entry: entry)
    #expect(baseline.cells.map(\.name) == ["a/b", "ipm/krum", "none/mean"])
    #expect(baseline.history.last == entry)
    #expect(baseline.history.count == 2)
    #expect(try baseline.changes(in: results).isEmpty)
    let report = Gate(isExact: true).check(results, against: baseline)
    #expect(report.outcome(strict: true) == .passed)
    #expect(report.notes.isEmpty)
  }

  @Test func otherMeasurementsAreNotAccepted() throws {
    let baseline = try Sample.baseline(before)
    var other = Sample.results(before)
    other.engine = 2
    let error = #expect(throws: BaselineError.self) { try baseline.changes(in: other) }
    #expect(error?.description.hasSuffix("'baseline make --replace' starts over") == true)
    #expect(error?.description.contains("engine 2") == true)
    let attack = Sample.results(before, resolved: Sample.resolved(epsilon: 1))
    #expect(throws: BaselineError.self) { try baseline.changes(in: attack) }
  }

  @Test func acceptingSomeCellsKeepsTheAttackOfOthers() throws {
    var baseline = try Sample.baseline(before)
    var now = before
    now[2].metrics["asr"] = 0.2
    // The attack of the other cells is weaker now: that has to stay an incomparable gate.
    let results = Sample.results(now, resolved: Sample.resolved(epsilon: 0.01))
    let changes = try baseline.changes(in: results) { $0["attack"] == "none" }
    #expect(changes.map(\.after.name) == ["none/mean"])
    baseline.accept(changes, from: results, entry: entry)
    let report = Gate().check(results, against: baseline)
    #expect(report.findings.map(\.verdict) == [.incomparable, .identical])
  }

  @Test func newCombinationsAreAccepted() throws {
    var baseline = try Sample.baseline(before)
    let axes = ["clients": "50"]
    let new = Sample.trials("ipm/krum", ["asr": [0.7, 0.7]], axes: axes)
    guard case .array(let old) = Sample.resolved(),
      case .array(let more) = Sample.resolved(axes: axes)
    else { return }
    let results = Sample.results(before + new, resolved: .array(old + more))
    let changes = try baseline.changes(in: results)
    #expect(changes.map(\.after.name) == ["ipm/krum clients=50"])
    baseline.accept(changes, from: results, entry: entry)
    #expect(baseline.origin.settings.map(\.axes) == [[:], axes])
    #expect(Set(baseline.origin.settings[1].attacks.keys) == ["ipm"])
    let report = Gate().check(results, against: baseline)
    #expect(report.findings.map(\.verdict) == [.identical, .identical, .identical])
    // Another engine is another engine for them, too.
    var later = results
    later.engine = 3
    #expect(throws: BaselineError.self) { try baseline.changes(in: later) }
  }

  @Test func pruningDropsWhatIsGone() throws {
    var baseline = try Sample.baseline(before)
    let none = baseline.prune(keeping: ["ipm/krum", "none/mean", "x/y"]) { _ in entry }
    #expect(none.isEmpty)
    #expect(baseline.history.count == 1)
    let dropped = baseline.prune(keeping: ["ipm/krum"]) {
      .init(at: "now", why: "gone", cells: $0)
    }
    #expect(dropped == ["none/mean"])
    #expect(baseline.cells.map(\.name) == ["ipm/krum"])
    #expect(baseline.history.last == .init(at: "now", why: "gone", cells: 1))
  }
}
