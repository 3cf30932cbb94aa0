import Determinism
import Federation
import Simulation
import Statistics
import Tensors
import Testing

@testable import Metrics

/// The curves that the meters leave of a trial.
@Suite struct DetectorCurveTests {
  private func meter(rounds: Int, columns: Int) -> UpdateMeter {
    UpdateMeter(MeterSetup(rounds: rounds, classCount: 2, parameterCount: columns))
  }

  /// By trying every threshold.
  private func brute(_ positives: [Double], _ negatives: [Double]) -> [Double] {
    (0...20).map { point in
      let reached = (positives + negatives + [.infinity]).filter { threshold in
        20 * negatives.count { $0 >= threshold } <= point * negatives.count
      }
      let found = reached.map { threshold in positives.count { $0 >= threshold } }
      return Double(found.max() ?? 0) / Double(positives.count)
    }
  }

  @Test func detectorsOfTheReferenceHaveTheirCurves() throws {
    var compared = 0
    for window in try Fixture.load().stealth {
      var meter = meter(rounds: window.rounds.count, columns: window.rounds[0].rows[0].count)
      var curves: [String: [[Double]]] = [:]
      var figures: [String: [Double]] = [:]
      for round in window.rounds {
        let seen = meter.observe(.sample(rows: round.rows.floats, malicious: round.malicious))
        for detector in ReferenceDetector.allCases {
          let name = detector == .medianDistance ? "medianDistance" : detector.rawValue
          guard let area = seen[detector.id], let scores = round.scores[name] else { continue }
          let sides = [true, false].map { kind in
            scores.indices.filter { round.malicious[$0] == kind }.map { scores[$0] }
          }
          figures[detector.rawValue, default: []].append(area)
          curves[detector.rawValue + "+", default: []].append(brute(sides[0], sides[1]))
          curves[detector.rawValue + "-", default: []].append(
            brute(sides[0].map { -$0 }, sides[1].map { -$0 }))
        }
      }
      for (name, rates) in meter.operatingCurves() {
        guard let areas = figures[name] else { continue }
        let isLow = areas.reduce(0, +) / Double(areas.count) < 0.5
        let rounds = try #require(curves[name + (isLow ? "-" : "+")])
        #expect(rates.count == 21)
        for point in rates.indices {
          let mean = rounds.reduce(0) { $0 + $1[point] } / Double(rounds.count)
          #expect(abs(rates[point] - mean) < 1e-12, "\(window.name) \(name) \(point)")
        }
        compared += 1
      }
      #expect(Set(meter.operatingCurves().keys).isSuperset(of: figures.keys))
    }
    #expect(compared > 10)
  }

  @Test func theSideIsTheOneOfTheMeanArea() {
    // The malicious row is the shortest: its norm gives 0 in both rounds.
    var meter = meter(rounds: 2, columns: 2)
    let rows: [[Float]] = [[0.5, 0.5], [2, 1], [1, 2], [3, 1], [1, 3]]
    for _ in 0..<2 {
      let figures = meter.observe(
        .sample(rows: rows, malicious: [true, false, false, false, false]))
      #expect(figures["detector.norm"] == 0)
    }
    #expect(meter.operatingCurves()["norm"] == [Double](repeating: 1, count: 21))
    #expect(Set(meter.operatingCurves().keys) == Set(ReferenceDetector.allCases.map(\.rawValue)))
  }

  @Test func roundsWithoutAnAreaAreLeftOut() {
    var meter = meter(rounds: 3, columns: 2)
    let rows: [[Float]] = [[9, 9], [1, 1], [1, 2]]
    _ = meter.observe(.sample(rows: rows, malicious: [false, false, false]))
    _ = meter.observe(.sample(rows: rows, malicious: [true, false, false], isInWindow: false))
    _ = meter.observe(.sample(rows: [[1, 1], [1, 1]], malicious: [true, false]))
    #expect(meter.operatingCurves().isEmpty)
  }

  @Test func clientsWithoutARowAreFoundFirst() {
    var meter = meter(rounds: 1, columns: 2)
    _ = meter.observe(
      .sample(
        rows: [[1, 1], [2, 2]], malicious: [false, false], droppedMalicious: 3, droppedHonest: 2))
    // Two of four honest clients come with them.
    #expect(meter.operatingCurves()["krum"] == (0...20).map { $0 < 10 ? 0 : 1 })
  }

  @Test func aSampleOfManyRowsGivesTheSharesOfAll() throws {
    let malicious = (0..<600).map { $0.isMultiple(of: 3) }
    let rows: [[Float]] = malicious.indices.map { [malicious[$0] ? 100 : 0, Float($0 % 7)] }
    let kinds = RoundKinds(
      malicious: malicious.indices.filter { malicious[$0] },
      honest: malicious.indices.filter { !malicious[$0] }, droppedMaliciousCount: 200)
    let figures = RowFigures(Matrix(rows: rows), kinds, limit: 12, pool: WorkPool(width: 1))
    let sample = figures.sample
    let scores = sample.rows.indices.map { sample.kinds.malicious.contains($0) ? -1.0 : 0 }
    let sides = figures.sides(of: scores, by: .krum)
    var curve = OperatingCurve()
    curve.add(positives: sides.malicious, negatives: sides.honest)
    // Half of the malicious clients have no row.
    #expect(curve.truePositiveRates() == (0...20).map { $0 < 20 ? 0.5 : 1 })
  }

  @Test func theRulesSuspicionHasACurve() {
    var meter = VerdictMeter(MeterSetup(rounds: 3, classCount: 2, parameterCount: 1))
    func observe(_ suspicions: [Double?]) {
      _ = meter.observe(
        .sample(
          rows: suspicions.indices.map { [Float($0)] }, malicious: [true, false, false],
          verdicts: suspicions.map { Verdict(.accepted, weight: 1, suspicion: $0) }))
    }
    observe([nil, nil, nil])
    #expect(meter.operatingCurves().isEmpty)
    observe([1, 0, 2])
    // Never turned: a rule that suspects the honest is wrong.
    #expect(meter.operatingCurves() == ["rule": (0...20).map { $0 < 10 ? 0 : 1 }])
    observe([3, 0, 2])
    #expect(meter.operatingCurves() == ["rule": (0...20).map { $0 < 10 ? 0.5 : 1 }])
  }
}
