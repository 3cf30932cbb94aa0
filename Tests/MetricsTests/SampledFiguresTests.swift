import Determinism
import Simulation
import Tensors
import Testing

@testable import Metrics

/// What holds of the figures of a round with more rows than are compared in pairs.
@Suite struct SampledFiguresTests {
  private let pool = WorkPool(width: 1)

  private func kinds(
    _ malicious: [Bool], dropped: Int = 0, droppedHonest: Int = 0
  ) -> RoundKinds {
    RoundKinds(
      malicious: malicious.indices.filter { malicious[$0] },
      honest: malicious.indices.filter { !malicious[$0] }, droppedMaliciousCount: dropped,
      droppedHonestCount: droppedHonest)
  }

  private func random(rows: Int, columns: Int, seed: UInt64 = 1) -> [[Float]] {
    var stream = SeedPath(root: seed).stream()
    return (0..<rows).map { _ in (0..<columns).map { _ in Float(stream.unit()) - 0.5 } }
  }

  private func scores(_ rows: Matrix<Float>, _ figures: RowFigures) -> [ReferenceDetector: [Double]]
  {
    figures.detectorScores(medianDistances: [Double](repeating: 0, count: rows.rowCount))
  }

  @Test func measuresAgreeWithTheReference() throws {
    for round in try Fixture.load().sampled {
      let rows = Matrix(rows: round.rows.floats)
      let kinds = kinds(round.malicious)
      let figures = RowFigures(rows, kinds, limit: round.limit, pool: pool)
      let values = figures.stealth()
      let gaps = KolmogorovSmirnov.statistics(
        rows, of: kinds.malicious, against: figures.sample.honestRows)
      for (index, measures) in round.measures.enumerated() {
        #expect(agree(values[.normRatio]?[index], measures.normRatio))
        #expect(agree(values[.cosine]?[index], measures.cosine))
        #expect(agree(values[.distancePercentile]?[index], measures.distancePercentile))
        #expect(agree(values[.signBalance]?[index], measures.signBalance))
        #expect(agree(gaps[index], measures.ks))
      }
      let ranks = round.measures.compactMap(\.krumRank)
      #expect(values[.krumRank]?.count == ranks.count)
      for (rank, expected) in zip(values[.krumRank] ?? [], ranks) {
        #expect(agree(rank, expected), "\(round.name)")
      }
    }
  }

  @Test func detectorsAgreeWithTheReference() throws {
    for round in try Fixture.load().sampled {
      let rows = Matrix(rows: round.rows.floats)
      let figures = RowFigures(rows, kinds(round.malicious), limit: round.limit, pool: pool)
      for (detector, scores) in scores(rows, figures) where detector != .medianDistance {
        let name = detector.rawValue
        #expect(scores.count == round.scores[name]?.count, "\(round.name) \(name)")
        for (score, expected) in zip(scores, round.scores[name] ?? []) {
          let score = detector == .norm ? score.squareRoot() : score
          #expect(agree(score, expected, within: 1e-8), "\(round.name) \(name)")
        }
        #expect(agree(figures.area(of: scores, by: detector), round.auroc[name] ?? nil))
      }
    }
  }

  @Test func meansFromVectorsAndFromPairsAgree() throws {
    for window in try Fixture.load().stealth {
      for round in window.rounds where round.rows.count > 1 {
        let rows = Matrix(rows: round.rows.floats)
        let kinds = kinds(round.malicious)
        let figures = RowFigures(rows, kinds, pool: pool)
        for (members, pairs) in [
          (Array(0..<rows.rowCount), figures.everyone), (kinds.honest, figures.honest),
        ] {
          guard let pairs else { continue }
          let vector = RowGroup(members, of: rows, squaredNorms: figures.squaredNorms)
          for row in 0..<rows.rowCount {
            #expect(agree(vector.cosines[row], pairs.cosines[row], within: 1e-12))
            #expect(agree(vector.distances[row], pairs.distances[row], within: 1e-7))
          }
        }
      }
    }
  }

  @Test func oneHugeRowLeavesTheAnglesOfTheOthers() {
    let rows = Matrix<Float>(rows: [[1, 0, 0], [1, 1, 0], [0, 1, 1], [1e10, -1e10, 1e10]])
    let figures = RowFigures(rows, kinds([false, false, false, true]), pool: pool)
    let vector = RowGroup([0, 1, 2, 3], of: rows, squaredNorms: figures.squaredNorms)
    // The mean of the others points to (2, 2, 1), the huge row to (1, -1, 1).
    let expected = 1 / (9.0 * 3).squareRoot()
    #expect(agree(figures.everyone?.cosines[3], expected, within: 1e-5))
    #expect(agree(vector.cosines[3], expected, within: 1e-5))
  }

  @Test func equalRowsGetEqualFigures() {
    let distinct = random(rows: 10, columns: 3000)
    let rows = Matrix(rows: (0..<90).map { distinct[$0 * 7 % 10] })
    let malicious = (0..<90).map { $0 % 3 == 0 }
    for limit in [70, 512] {
      let figures = RowFigures(rows, kinds(malicious), limit: limit, pool: pool)
      for (detector, scores) in scores(rows, figures) {
        let row = detector.comparesPairs ? figures.sample.rows : Array(0..<90)
        for (place, score) in scores.enumerated() {
          let twin = row.firstIndex { $0 * 7 % 10 == row[place] * 7 % 10 }
          #expect(score == scores[twin ?? -1], "\(detector) \(limit)")
        }
      }
      guard let honest = figures.honest else { continue }
      for row in 0..<90 where malicious[row] {
        let twin = (0..<90).first { malicious[$0] && $0 * 7 % 10 == row * 7 % 10 } ?? row
        #expect(honest.cosines[row] == honest.cosines[twin])
        #expect(honest.distances[row] == honest.distances[twin])
      }
    }
  }

  @Test func upToTheLimitFiguresAreThoseOfAllRows() {
    let rows = Matrix(rows: random(rows: 80, columns: 40))
    let kinds = kinds((0..<80).map { $0 % 4 == 3 })
    let all = RowFigures(rows, kinds, limit: 1000, pool: pool)
    let atLimit = RowFigures(rows, kinds, limit: 80, pool: pool)
    #expect(atLimit.stealth() == all.stealth())
    #expect(scores(rows, atLimit) == scores(rows, all))
    #expect(RowFigures(rows, kinds, limit: 79, pool: pool).krumScores?.count == 79)
  }

  @Test func whatCountsEveryRowHeedsNoOrder() {
    let rows = random(rows: 60, columns: 30)
    let malicious = (0..<60).map { $0 % 4 == 3 }
    let order = (0..<60).map { $0 * 7 % 60 }
    let ordered = Matrix(rows: order.map { rows[$0] })
    let figures = RowFigures(Matrix(rows: rows), kinds(malicious), limit: 20, pool: pool)
    let other = RowFigures(ordered, kinds(order.map { malicious[$0] }), limit: 20, pool: pool)
    for (measure, values) in figures.stealth() where measure != .krumRank {
      let others = other.stealth()[measure] ?? []
      for (a, b) in zip(values.sorted(), others.sorted()) { #expect(agree(a, b, within: 1e-12)) }
    }
    let (first, second) = (scores(Matrix(rows: rows), figures), scores(ordered, other))
    for detector in ReferenceDetector.allCases where !detector.comparesPairs {
      let areas = [(figures, first), (other, second)].map { figures, scores in
        figures.area(of: scores[detector] ?? [], by: detector)
      }
      #expect(areas[0] != nil)
      #expect(agree(areas[0], areas[1]), "\(detector)")
    }
  }

  @Test(arguments: [512, 513, 700, 3000])
  func atMost512RowsEnterPairwiseKernels(n: Int) {
    let rows = Matrix(rows: random(rows: n, columns: 3))
    let figures = RowFigures(rows, kinds((0..<n).map { $0 % 5 == 0 }), pool: pool)
    #expect(figures.geometry.rowCount == 512)
    #expect(figures.geometry.squaredDistances.count == 512 * 512)
    #expect(figures.krumScores?.count == 512)
    #expect(figures.squaredNorms.count == n)
    #expect(figures.everyone?.cosines.count == n)
  }

  @Test func distancesOfLongRowsAreThoseOfTheSampledRows() {
    let rows = Matrix(rows: random(rows: 9, columns: 9000))
    let kinds = kinds([true, false, true, false, false, false, false, true, false])
    let equals = EqualRows(rows, squaredNorms: rows.norms(pool: pool))
    let whole = RowGeometry(rows, RowSample(kinds), equals: equals, pool: pool)
    let sample = RowSample(kinds, limit: 5)
    let part = RowGeometry(rows, sample, equals: equals, pool: pool)
    for i in 0..<5 {
      for j in 0..<5 {
        let expected = whole.squaredDistance(sample.rows[i], sample.rows[j])
        #expect(agree(part.squaredDistance(i, j), expected, within: 1e-14))
      }
    }
  }

  @Test func droppedAttackersWeighAsMuchAsTheOthers() {
    // Three malicious rows tell nothing apart, two dropped ones everything.
    let rows = Matrix(rows: [[Float]](repeating: [1, 2], count: 9))
    let malicious = (0..<9).map { $0 % 3 == 0 }
    let figures = RowFigures(rows, kinds(malicious, dropped: 2), limit: 4, pool: pool)
    for (detector, scores) in scores(rows, figures) where detector != .medianDistance {
      #expect(figures.area(of: scores, by: detector) == (3 * 0.5 + 2) / 5)
    }
    let allDropped = RowFigures(
      rows, kinds([Bool](repeating: false, count: 9), dropped: 2), limit: 4, pool: pool)
    for (detector, scores) in scores(rows, allDropped) {
      #expect(allDropped.area(of: scores, by: detector) == 1)
    }
  }

  @Test func droppedHonestClientsWeighAsMuchAsTheOthers() {
    // Of 5 x 8 pairs 18 of equal rows and 4 of dropped clients count half, 12 count 1 and 6 nothing.
    let rows = Matrix(rows: [[Float]](repeating: [1, 2], count: 9))
    let malicious = (0..<9).map { $0 % 3 == 0 }
    let figures = RowFigures(
      rows, kinds(malicious, dropped: 2, droppedHonest: 2), limit: 4, pool: pool)
    for (detector, scores) in scores(rows, figures) where detector != .medianDistance {
      #expect(agree(figures.area(of: scores, by: detector), 23.0 / 40, within: 1e-15))
    }
  }

  @Test func aLargeRoundGivesEveryFigure() {
    let n = 600
    var rows = random(rows: n, columns: 5)
    let malicious = (0..<n).map { $0 % 4 == 1 }
    for row in 0..<n where malicious[row] { rows[row] = rows[row].map { $0 * 50 } }
    var meter = UpdateMeter(MeterSetup(rounds: 1, classCount: 2, parameterCount: 5))
    let figures = meter.observe(.sample(rows: rows, malicious: malicious))
    #expect(figures.count == UpdateMeter.series.count)
    #expect(figures["stealth.krum-rank"].map { $0 > 0.7 } == true)
    #expect(figures["detector.krum"].map { $0 > 0.9 } == true)
    var again = UpdateMeter(MeterSetup(rounds: 1, classCount: 2, parameterCount: 5))
    #expect(again.observe(.sample(rows: rows, malicious: malicious)) == figures)
  }
}
