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
      #expect(summary["stealth.rounds"] == Double(expected.roundCount), "\(window.name)")
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
      #expect(meter.finish() == ["stealth.rounds": 0])
    }
  }

  @Test func roundsOfEqualRowsAreLeftOutAndCounted() {
    var meter = meter(rounds: 9, columns: 3)
    let malicious = [false, true, false, false, true]
    // 1.0 for every detector that sees lengths.
    let loud: [[Float]] = [[1, 2, 1], [50, 70, 90], [2, 1, 5], [1, 1, 3], [40, 90, 60]]
    let first = meter.observe(.sample(rows: loud, malicious: malicious))
    #expect(first["detector.norm"] == 1)
    for value: Float in [0, -0.0, 0.25] {
      let rows = [[Float]](repeating: [value, 0, value], count: 5)
      #expect(meter.observe(.sample(rows: rows, malicious: malicious)).isEmpty)
    }
    let zeros: [[Float]] = [[0, 0, 0], [-0.0, 0, 0], [0, 0, 0], [0, -0.0, 0], [0, 0, 0]]
    #expect(meter.observe(.sample(rows: zeros, malicious: malicious)).isEmpty)
    let summary = meter.finish()
    #expect(summary["stealth.detectability"] == 1)
    #expect(summary["detector.norm"] == 1)
    #expect(summary["stealth.rounds"] == 1)
    #expect(summary["stealth.distance-percentile"] == 1)
  }

  @Test func aWindowOfEqualRowsHasNoFigures() {
    var meter = meter(rounds: 2, columns: 2)
    for _ in 0..<2 {
      _ = meter.observe(
        .sample(rows: [[0, 0], [0, 0], [0, 0]], malicious: [true, false, false]))
    }
    #expect(meter.finish() == ["stealth.rounds": 0])
  }

  @Test func aDroppedAttackerIsSeenAmongEqualRows() {
    var meter = meter(rounds: 1, columns: 2)
    let figures = meter.observe(
      .sample(
        rows: [[0, 0], [0, 0], [0, 0]], malicious: [true, false, false], droppedMalicious: 1))
    // Of the two malicious clients one ties with all honest ones, one is above them.
    #expect(Set(figures.values) == [0.75])
    #expect(figures.keys.allSatisfy { $0.hasPrefix("detector.") })
    #expect(meter.finish()["stealth.rounds"] == 1)
  }

  @Test func droppedHonestClientsAreAsVisible() {
    var meter = meter(rounds: 1, columns: 2)
    let rows: [[Float]] = [[1, 2], [2, 1], [0, 3]]
    let figures = meter.observe(
      .sample(
        rows: rows, malicious: [false, false, false], droppedMalicious: 2, droppedHonest: 3))
    // Of 2 x 6 pairs the 6 with honest rows count 1 and the 6 of dropped clients half.
    #expect(Set(figures.values) == [0.75])
    var none = self.meter(rounds: 1, columns: 2)
    let alone = none.observe(
      .sample(rows: [[1, 2]], malicious: [true], droppedMalicious: 1, droppedHonest: 2))
    #expect(alone.isEmpty)
    #expect(none.finish() == ["stealth.rounds": 0])
  }

  @Test func controlledClientsThatDoNotActAreHonest() {
    let rows: [[Float]] = [[9, 9], [1, 2], [2, 1], [1, 1]]
    var meter = meter(rounds: 2, columns: 2)
    let one = meter.observe(
      .sample(
        rows: rows, malicious: [true, true, false, false], acting: [true, false, false, false]))
    #expect(one["detector.norm"] == 1)
    #expect(agree(one["stealth.norm-ratio"], (162.0 / 5).squareRoot()))
    let idle = [false, false, false, false]
    #expect(
      meter.observe(.sample(rows: rows, malicious: [true, true, false, false], acting: idle))
        .isEmpty)
    #expect(meter.finish()["stealth.rounds"] == 1)
  }

  @Test func zeroRowsGiveFiniteFigures() {
    var meter = meter(rounds: 2, columns: 3)
    let zero: [Float] = [0, 0, 0]
    let first = meter.observe(
      .sample(rows: [zero, zero, zero, zero], malicious: [true, false, false, false]))
    #expect(first.isEmpty)
    let second = meter.observe(
      .sample(rows: [[1, 2, 3], zero, zero, zero], malicious: [false, true, true, false]))
    #expect(second.values.allSatisfy { $0.isFinite })
    #expect(second["stealth.norm-ratio"] == 0)
    #expect(second["stealth.cosine"] == nil)
    let third = meter.observe(
      .sample(rows: [[1, 2, 3], zero, zero, zero], malicious: [true, false, false, false]))
    #expect(third["stealth.norm-ratio"] == nil)
    #expect(third["stealth.cosine"] == nil)
    #expect(third["detector.norm"] == 1)
    #expect(meter.finish().values.allSatisfy { $0.isFinite })
  }

  @Test func rowsWithoutACosineAreLeftOutOfItsMeans() {
    var meter = meter(rounds: 1, columns: 2)
    // The honest mean is (1, 1) / 3; the zero row has no cosine to the others, which have 0 each.
    let figures = meter.observe(
      .sample(
        rows: [[3, 3], [0, 0], [1, 0], [0, 1], [0, 0]],
        malicious: [true, true, false, false, false]))
    #expect(agree(figures["stealth.cosine"], 1))
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
