import Components
import Datasets
import Federation
import Results
import Tensors
import Testing

@testable import Simulation

/// Sets every parameter to one value, and may ask for smoothed predictions.
private struct Setting: ModelFinisher {
  static let manifest = ComponentManifest(id: "setting", summary: "")
  let value: Float
  var smoothing: ParameterSmoothing?
  let seen = Log<[Float]>()

  init(_: Arguments, setup _: DefenseSetup) { self.init(0) }
  init(_ value: Float, smoothing: ParameterSmoothing? = nil) {
    self.value = value
    self.smoothing = smoothing
  }

  mutating func finish(_ global: inout [Float], in round: RoundContext) throws(DefenseError) {
    seen.note(round.global)
    for index in global.indices { global[index] = value }
  }
}

/// Reports a number, a text and one that is not finite.
private struct Reporting: Aggregator {
  static let manifest = ComponentManifest(id: "reporting", summary: "")
  static let reports = ["count", "infinite", "word"]
  init(_: Arguments, setup _: DefenseSetup) {}

  mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    Aggregation(
      update: [Float](repeating: 0, count: updates.columnCount),
      verdicts: updates.weights.map { Verdict(.accepted, weight: $0) },
      report: [
        "count": .number(Double(round.round)), "infinite": .number(.infinity), "word": .text("w"),
        "unlisted": .number(1),
      ])
  }
}

@Suite struct FinishedModelTests {
  @Test func `a finisher changes the model that is evaluated and broadcast`() throws {
    let bench = try TrialBench()
    let (setting, spy) = (Setting(0), Spy())
    var loop = bench.loop(attack: spy, finishers: [setting])
    let initial = loop.global
    let first = try loop.advance()
    #expect(loop.global.allSatisfy { $0 == 0 })
    // All scores are equal: the first class wins.
    let share = Double(bench.data.test.labels.count { $0 == 0 }) / Double(bench.data.test.count)
    #expect(first.evaluation?.accuracy == share)
    _ = try loop.advance()
    #expect(setting.seen.entries == [initial, loop.global])
    #expect(loop.global.allSatisfy { $0 == 0 })
  }

  @Test func `smoothed predictions are votes, the same for any number of threads`() throws {
    let smoothing = ParameterSmoothing(votes: 9, deviation: 1)
    func accuracies(_ smoothing: ParameterSmoothing?, width: Int) throws -> [Double?] {
      var loop = try TrialBench().loop(
        finishers: [Setting(0, smoothing: smoothing)], width: width)
      return try (0..<3).map { _ in try loop.advance().evaluation?.accuracy }
    }
    let votes = try accuracies(smoothing, width: 1)
    #expect(try accuracies(smoothing, width: 3) == votes)
    // Noise on parameters of zero decides; without it the first class does, in every round.
    #expect(votes != (try accuracies(nil, width: 1)))
    #expect(Set(votes).count > 1)
    #expect(
      try accuracies(ParameterSmoothing(votes: 9, deviation: 0), width: 1)
        == accuracies(nil, width: 1))
  }

  @Test func `what a rule declares to report becomes series, if it is a finite number`() throws {
    let catalog = Catalog.test.adding(aggregators: [AggregatorEntry(Reporting.self)])
    let file = try ScenarioFile(
      text: ScenarioText.replacing(("[mean, strict]", "[reporting]")), path: "t.yaml",
      catalog: catalog)
    let plan = try Plan(file, catalog: catalog)
    let log = Log<FinishedTrial>()
    _ = try Runner(plan: plan, metrics: .test, jobs: 1)
      .run(stop: StopSignal(), onProgress: { _ in }, onTrial: { log.note($0) })
    let trial = try #require(log.entries.last)
    #expect(trial.record.defense == "reporting")
    for (round, row) in trial.rounds.enumerated() {
      #expect(row.values["defense.count"] == Double(round))
      #expect(row.values.keys.filter { $0.hasPrefix("defense.") } == ["defense.count"])
    }
    let layout = plan.roundsLayout(catalog, metrics: .test)
    #expect(
      layout.series.suffix(3) == ["defense.count", "defense.infinite", "defense.word"])
  }
}
