import Determinism
import Simulation
import Tensors
import Testing

@testable import Metrics

@Suite struct UpdateMeterTests {
  /// Figures follow from `Double` sums over exact inputs, but the median is rounded to `Float`.
  private let tolerance = 1e-9

  private func meter(rounds: Int, columns: Int) -> UpdateMeter {
    UpdateMeter(MeterSetup(rounds: rounds, classCount: 2, parameterCount: columns))
  }

  private func observation(_ round: Fixture.Window.Round) -> RoundObservation {
    .sample(rows: round.rows.floats, malicious: round.malicious)
  }

  private func observe(_ window: Fixture.Window) -> (rounds: [[String: Double]], [String: Double]) {
    var meter = meter(rounds: window.rounds.count, columns: window.rounds[0].rows[0].count)
    let rounds = window.rounds.map { meter.observe(observation($0)) }
    return (rounds, meter.finish())
  }

  @Test func pooledMeasuresAgreeWithTheReference() throws {
    for window in try Fixture.load().stealth {
      let summary = observe(window).1
      let expected = window.expected
      let pairs: [(String, Double?)] = [
        ("norm-ratio", expected.normRatio.median), ("cosine", expected.cosine.median),
        ("distance-percentile", expected.distancePercentile.median),
        ("krum-rank", expected.krumRank.median), ("outlier-share", expected.outlierShare.median),
        ("sign-balance", expected.signBalance.median), ("ks", expected.ks.median),
      ]
      for (name, value) in pairs {
        #expect(
          agree(summary["stealth." + name], value, within: tolerance),
          "\(window.name) \(name): \(String(describing: summary["stealth." + name]))")
      }
      #expect(agree(summary["stealth.detectability"], expected.detectability), "\(window.name)")
    }
  }

  @Test func rowMeasuresAgreeWithTheReference() throws {
    for window in try Fixture.load().stealth {
      for round in window.rounds {
        let kinds = RoundKinds(observation(round))
        guard !kinds.honest.isEmpty else { continue }
        let rows = Matrix(rows: round.rows.floats)
        var values = RowFigures(rows, kinds, pool: WorkPool(width: 1)).stealth()
        values[.outlierShare] = OutlierShare.shares(
          rows, of: kinds.malicious, among: kinds.honest)
        for (index, measures) in round.measures.enumerated() {
          #expect(kinds.malicious[index] == measures.row)
          #expect(agree(values[.normRatio]?[index], measures.normRatio, within: tolerance))
          #expect(agree(values[.cosine]?[index], measures.cosine, within: tolerance))
          #expect(agree(values[.distancePercentile]?[index], measures.distancePercentile))
          #expect(agree(values[.krumRank]?[index], measures.krumRank))
          #expect(agree(values[.outlierShare]?[index], measures.outlierShare))
          #expect(agree(values[.signBalance]?[index], measures.signBalance))
        }
      }
    }
  }

  @Test func detectorAreasAgreeWithTheReference() throws {
    for window in try Fixture.load().stealth {
      let observed = observe(window)
      for (round, figures) in zip(window.rounds, observed.rounds) {
        for (name, area) in round.auroc where name != "signBalanceRaw" {
          let id = "detector." + (name == "medianDistance" ? "median-distance" : name)
          #expect(agree(figures[id], area), "\(window.name) \(id)")
        }
      }
    }
  }

  @Test func nothingIsMeasuredOutsideTheWindow() {
    var meter = meter(rounds: 1, columns: 2)
    let figures = meter.observe(
      .sample(
        rows: [[1, 2], [3, 4], [9, 9]], malicious: [false, false, true], isInWindow: false))
    #expect(figures.isEmpty)
    #expect(meter.finish().isEmpty)
  }

  @Test func oneKindAloneGivesNothing() {
    for malicious in [[false, false], [true, true]] {
      var meter = meter(rounds: 1, columns: 2)
      #expect(meter.observe(.sample(rows: [[1, 2], [3, 4]], malicious: malicious)).isEmpty)
      #expect(meter.finish().isEmpty)
    }
  }

  @Test func equalRowsCannotBeToldApart() {
    var meter = meter(rounds: 1, columns: 3)
    let rows = [[Float]](repeating: [0.1, -0.7, 0.3], count: 7)
    let malicious = [false, true, false, false, true, false, false]
    _ = meter.observe(.sample(rows: rows, malicious: malicious))
    let summary = meter.finish()
    #expect(summary["stealth.detectability"] == 0.5)
    #expect(summary["stealth.norm-ratio"] == 1)
    #expect(summary["stealth.distance-percentile"] == 0.5)
    #expect(summary["stealth.krum-rank"] == 0.5)
    #expect(summary["stealth.outlier-share"] == 0)
    #expect(summary["stealth.ks"] == 0)
    #expect(agree(summary["stealth.cosine"], 0))
  }

  @Test func zeroRowsGiveFiniteFigures() {
    var meter = meter(rounds: 2, columns: 3)
    let zero: [Float] = [0, 0, 0]
    let first = meter.observe(
      .sample(rows: [zero, zero, zero, zero], malicious: [true, false, false, false]))
    #expect(first["stealth.norm-ratio"] == nil)
    #expect(first["stealth.cosine"] == 0)
    #expect(first["detector.norm"] == 0.5)
    let second = meter.observe(
      .sample(rows: [[1, 2, 3], zero, zero, zero], malicious: [false, true, true, false]))
    #expect(second.values.allSatisfy { $0.isFinite })
    #expect(meter.finish().values.allSatisfy { $0.isFinite })
  }

  @Test func droppedAttackersAreSeenByEveryDetector() {
    var meter = meter(rounds: 1, columns: 2)
    let figures = meter.observe(
      .sample(
        rows: [[1, 2], [2, 1], [0, 3]], malicious: [false, false, false], droppedMalicious: 2))
    #expect(Set(figures.values) == [1])
    #expect(figures.keys.allSatisfy { $0.hasPrefix("detector.") })
    #expect(meter.finish()["stealth.detectability"] == 1)
    var lone = self.meter(rounds: 1, columns: 2)
    _ = lone.observe(.sample(rows: [[1, 2]], malicious: [false], droppedMalicious: 1))
    #expect(lone.finish()["stealth.detectability"] == 1)
    var nobody = self.meter(rounds: 1, columns: 0)
    #expect(nobody.observe(.sample(rows: [], malicious: [], droppedMalicious: 1)).isEmpty)
  }

  @Test func longRowsAreSampledEvenlyForKolmogorovSmirnov() {
    // Columns that do not count differ wildly; those that do are equal.
    let columns = 1024
    let honest = (0..<columns).map { Float($0 % 2 == 0 ? $0 : -5000) }
    let malicious = (0..<columns).map { Float($0 % 2 == 0 ? $0 : 9000) }
    let rows = Matrix(rows: [honest, malicious])
    #expect(KolmogorovSmirnov.statistics(rows, of: [1], against: [0]) == [0])
  }

  @Test func kolmogorovSmirnovIsMeasuredInAtMostEightRounds() {
    var meter = meter(rounds: 20, columns: 2)
    let measured = (0..<20).filter { _ in
      let figures = meter.observe(.sample(rows: [[1, 2], [2, 1]], malicious: [true, false]))
      return figures["stealth.ks"] != nil
    }
    #expect(measured.count == 7)
  }
}
