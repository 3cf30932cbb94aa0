import Components
import Gating
import Results
import Studies
import Testing

@Suite struct CellFigureTests {
  private let facts = MethodFacts(metrics: [
    .init(id: "asr.stop", definition: "", unit: "", better: .lower),
    .init(id: "accuracy.stop", definition: "", unit: "", better: .higher),
    .init(id: "never.measured", definition: "", unit: "", better: .higher),
  ])

  @Test func summarizesEachMetricOfEachCell() throws {
    let study = Sample.study(
      Sample.trials("flip", "mean", accuracy: [0.5, 0.7, 0.6], success: [0.2, 0.3, 0.7])
        + [Sample.trial("flip", "mean", seed: 4, status: .error, message: "the disk went away")],
      facts: facts)
    let figures = study.cellFigures()
    #expect(figures.map(\.metric) == ["asr.stop", "accuracy.stop"])
    #expect(figures.map { $0.worst?.seed } == [3, 1])
    #expect(figures.map { $0.worst?.value } == [0.7, 0.5])
    let accuracy = figures[1]
    #expect(abs(try #require(accuracy.summary.mean) - 0.6) < 1e-12)
    // 0.6 -+ 4.302653 x 0.1 / sqrt 3.
    let interval = try #require(accuracy.summary.interval)
    #expect(abs(interval.lowerBound - 0.351586) < 1e-6)
    #expect(abs(interval.upperBound - 0.848414) < 1e-6)
    #expect(accuracy.summary.isPartial && accuracy.reason.isEmpty && !accuracy.isCensored)
    #expect(accuracy.statusCounts == [.ok: 3, .error: 1])
    #expect(accuracy.flags.map(\.id) == ["few-seeds", "not-adaptive"])
    #expect(!accuracy.isImplied)
  }

  @Test func withoutAMeanThereIsAReason() {
    let study = Sample.study([
      Sample.trial("none", "krum", accuracy: 0.9, isImplied: true),
      Sample.trial("flip", "krum", status: .notApplicable, message: "needs n >= 2f + 3"),
      Sample.trial(
        "scale", "krum", accuracy: 0.1, success: 1, metrics: ["accuracy.chance": 0.1],
        censored: ["accuracy.stop"]),
      Sample.trial(
        "idle", "krum", metrics: ["asr.stop": nil], absent: ["asr.stop": "no trigger"]),
    ])
    let figures = study.cellFigures(metrics: ["asr.stop", "accuracy.stop"])
    func figure(_ attack: String, _ metric: String) -> CellFigure? {
      figures.first { $0.cell.attack == attack && $0.metric == metric }
    }
    #expect(figures.count == 8)
    #expect(figure("none", "accuracy.stop")?.isImplied == true)
    #expect(figure("none", "asr.stop")?.reason == "no seed has a value")
    #expect(figure("flip", "asr.stop")?.reason == "needs n >= 2f + 3")
    #expect(figure("scale", "asr.stop")?.summary.outcome == .void)
    #expect(figure("scale", "asr.stop")?.reason.hasPrefix("void: at the end of the window") == true)
    #expect(figure("scale", "asr.stop")?.worst == nil)
    #expect(figure("scale", "accuracy.stop")?.isCensored == true)
    #expect(figure("scale", "accuracy.stop")?.flags.map(\.id).contains("collapsed") == true)
    #expect(figure("idle", "asr.stop")?.reason == "no trigger")
    // What a table shows has its direction without a catalog.
    #expect(figure("idle", "asr.stop")?.better == .lower)
  }

  /// Where a recovery did not end within the run, the mean is a lower bound.
  @Test func aLowerBoundHasNoInterval() throws {
    func summary(_ censored: [String]) throws -> CellSummary {
      let records = [(1, 4.0), (2, 6.0), (3, 5.0)].map { seed, rounds in
        Sample.trial(
          "flip", "mean", seed: seed, metrics: ["recovery.rounds": rounds],
          censored: seed == 2 ? censored : [])
      }
      let study = Sample.study(records)
      return study.summary(try #require(study.grid.cells.first), "recovery.rounds")
    }
    #expect(try summary(["recovery.rounds"]).mean == 5)
    #expect(try summary(["recovery.rounds"]).interval == nil)
    #expect(try summary([]).interval != nil)
  }

  @Test func flagsThatOnlySomeSeedsHaveAreNoneOfTheCell() {
    let records = (1...5).map { seed in
      Sample.trial(
        "flip", "mean", seed: seed, accuracy: 0.8, flags: seed < 3 ? ["diverged"] : ["oracle-f"])
    }
    let flags = Sample.study(records).cellFigures()[0].flags
    #expect(flags.map(\.id) == ["not-adaptive", "oracle-f"])
    #expect(flags.last?.share == "in 3 of 5 seeds")
  }

  @Test func withoutTrialsThereAreNone() {
    #expect(Sample.study([]).cellFigures().isEmpty)
    #expect(Sample.study([]).measuredMetrics.isEmpty)
  }
}
