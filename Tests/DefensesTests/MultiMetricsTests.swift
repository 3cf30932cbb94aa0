import Components
import Defenses
import Federation
import Testing

@Suite struct MultiMetricsTests {
  /// The known answers of `Tests/Reference/rules_multimetrics.py`.
  @Test func agreesWithReference() throws { try KnownCase.check("multi-metrics.json") }

  private func selected(_ rows: [[Double]], keep: Double) throws -> ReportValue? {
    try run(
      makeRule("multi-metrics", ["keep": .real(keep)], rows: rows.count), on: makeUpdates(rows)
    )
    .report["selected"]
  }

  /// A library that averages floor(p n) rows averages none of three.
  @Test func fewRowsKeepOne() throws {
    for count in 1...3 {
      let rows = makeNormal(rows: count, columns: 4, seed: UInt64(count))
      guard case .rows(let kept)? = try selected(rows, keep: 0.3) else {
        Issue.record("no rows of \(count)")
        continue
      }
      #expect(kept.count == 1)
    }
  }

  /// A library that inverts the covariance fails, or scores by its rounding.
  @Test func singularCovarianceCountsWhatVaries() throws {
    // Manhattan and Euclidean metrics agree, and no angle differs: the rest is one number.
    let rows = [[1.0], [2], [3], [4], [5]]
    let result = try run(
      makeRule("multi-metrics", ["keep": .real(0.6)], rows: 5), on: makeUpdates(rows))
    #expect(result.report["rank"] == .number(1))
    #expect(result.report["selected"] == .rows([1, 2, 3]))
    #expect(agree(result.update, [3]))
    // Distances 10, 7, 6, 7, 10 to the others, of mean 8 and variance 3.5.
    let expected = [10, 7, 6, 7, 10].map { $0 / 3.5.squareRoot() }
    #expect(agree(result.verdicts.compactMap(\.suspicion), expected, tolerance: 1e-12))
  }

  @Test func sharesAreTakenAsWritten() throws {
    let rows = makeNormal(rows: 100, columns: 3, seed: 4)
    guard case .rows(let kept)? = try selected(rows, keep: 0.29) else {
      Issue.record("no rows")
      return
    }
    #expect(kept.count == 29)
  }

  /// The cosine of models that hardly differ keeps its digits.
  @Test func smallStepsFromALargeModel() throws {
    let global = makeNormal(rows: 1, columns: 20, seed: 1)[0].map { Float($0) }
    let rows = makeNormal(rows: 8, columns: 20, seed: 2)
    let rule = try makeRule("multi-metrics", ["features": .text("origin")], rows: 8)
    let small = rows.map { $0.map { $0 * 0x1p-24 } }
    let smaller = rows.map { $0.map { $0 * 0x1p-25 } }
    let first = try run(rule, on: makeUpdates(small), global: global)
    let second = try run(rule, on: makeUpdates(smaller), global: global)
    #expect(first.report["rank"] == .number(3))
    #expect(
      agree(
        first.verdicts.compactMap(\.suspicion), second.verdicts.compactMap { $0.suspicion },
        tolerance: 1e-5))
  }

  /// What is long by all metrics goes together over all rows, so that its features in pairs, which
  /// are not centered, have a usual score; differences from the global model do not.
  @Test func longRowsAreRejectedFromTheOriginAlone() throws {
    var kept = ["origin": 0, "pairs": 0]
    for seed in 0..<5 as Range<UInt64> {
      var rows = makeNormal(rows: 20, columns: 200, seed: seed).map { $0.map { $0 + 0.5 } }
      for row in 0..<4 { rows[row] = rows[row].map { 5 * $0 } }
      let global = makeNormal(rows: 1, columns: 200, seed: seed + 50)[0].map { Float($0) }
      for features in ["origin", "pairs"] {
        let result = try run(
          makeRule("multi-metrics", ["features": .text(features)], rows: 20),
          on: makeUpdates(rows), global: global)
        kept[features, default: 0] +=
          result.verdicts.prefix(4).count { $0.disposition == .accepted }
      }
    }
    #expect(kept["origin"] == 0)
    #expect(kept["pairs"] ?? 0 > 0)
  }
}
