import Components
import Defenses
import Determinism
import Federation
import Tensors
import Testing

/// The known answers of `Tests/Reference/rules_fldetector.py`.
private struct DetectorCase: Decodable, Sendable {
  struct Round: Decodable, Sendable {
    var active: [Int]
    var scores: [Double]?
    var flagged: [Int]
    var update: [Double]
    var weights: [Double]
  }

  var name: String
  var arguments: [String: Argument]
  var unit: Double
  var models: [[Double]]
  var rows: [[[Double]]]
  var expected: [Round]
}

@Suite struct FLDetectorTests {
  private func check(_ known: DetectorCase) throws -> Int {
    let n = known.rows[0].count
    var rule = try makeRule("fldetector", known.arguments.mapValues(\.value), rows: n)
    var removed: Set<Int> = []
    for (number, expected) in known.expected.enumerated() {
      let name: Comment = "\(known.name), round \(number)"
      let global = known.models[number].map { Float($0 * known.unit) }
      let rows = known.rows[number].map { $0.map { $0 * known.unit } }
      let result = try rule.aggregate(makeUpdates(rows), in: makeRound(number, global: global))
      #expect(agree(result.update, expected.update), name)
      #expect(
        agree(result.verdicts.map(\.weight), expected.weights, tolerance: 1e-12, scale: 1), name)
      removed.formUnion(expected.flagged)
      for (row, verdict) in result.verdicts.enumerated() {
        #expect(verdict.disposition == (removed.contains(row) ? .rejected : .accepted), name)
        guard let place = expected.active.firstIndex(of: row) else {
          #expect(verdict.suspicion == 1, name)
          continue
        }
        guard let score = expected.scores?[place] else {
          #expect(verdict.suspicion == nil, name)
          continue
        }
        // Aggregates are remembered in single precision; the script says that this changes a
        // normalized distance by up to 1.6e-7 of itself.
        let gap = abs((verdict.suspicion ?? .infinity) - score)
        #expect(gap <= tolerance * score, name)
      }
      #expect(result.report["removed"] == .number(Double(removed.count)), name)
    }
    return removed.count
  }

  @Test func agreesWithReference() throws {
    let file: FixtureFile<DetectorCase> = try decodeFixture("fldetector.json")
    #expect(try file.cases.map { try check($0) } == [2, 2, 2, 2, 0, 0, 0])
  }

  /// Honest clients near a quadratic with the curvature 1, and one that sends noise.
  private func updates(_ number: Int, without missing: Set<Int> = []) -> UpdateMatrix {
    let noise = makeNormal(rows: 8, columns: 6, seed: UInt64(900 + number))
    let kept = (0..<8).filter { !missing.contains($0) }
    let rows = kept.map { client in
      noise[client].map { client == 3 ? $0 : 0.01 * $0 - 0.3 * model(number)[0] }
    }
    return UpdateMatrix(
      values: Matrix(rows: rows.map { $0.map { Float($0) } }),
      provenance: kept.map { Provenance(ClientID($0)) },
      weights: .init(repeating: 1 / Double(kept.count), count: kept.count))
  }

  private func model(_ number: Int) -> [Double] {
    var value = 4.0
    for _ in 0..<number { value *= 0.7 }
    return .init(repeating: value, count: 6)
  }

  private func play(_ rounds: Int, missing: [Int: Set<Int>] = [:]) throws -> [Aggregation] {
    var rule = try makeRule("fldetector", ["window": .integer(3)], rows: 8)
    return try (0..<rounds).map { number in
      try rule.aggregate(
        updates(number, without: missing[number] ?? []),
        in: makeRound(number, global: model(number).map { Float($0) }))
    }
  }

  @Test func removesTheUnpredictableClientForGood() throws {
    let results = try play(9)
    for (number, result) in results.enumerated() {
      for (client, verdict) in result.verdicts.enumerated() {
        #expect((verdict.disposition == .rejected) == (client == 3 && number >= 4))
      }
    }
    #expect(results[4].report == ["clusters": .number(2), "removed": .number(1)])
    #expect(abs(results[8].verdicts[0].weight - 1.0 / 7) < 1e-15)
  }

  @Test func aClientMayMissRounds() throws {
    let results = try play(8, missing: [2: [0, 5], 3: [5], 5: [3], 6: [0, 1, 2, 4, 5, 6, 7]])
    #expect(results[2].verdicts.count == 6)
    #expect(results[4].report["removed"] == .number(1))
    // Nobody but the removed client is left in round 6.
    #expect(results[6].update == .init(repeating: 0, count: 6))
    #expect(results[6].verdicts == [Verdict(.rejected, weight: 0, suspicion: 1)])
    #expect(results[7].verdicts.count { $0.disposition == .accepted } == 7)
  }

  @Test func withoutAModelItIsTheMean() throws {
    var rule = try makeRule("fldetector", ["window": .integer(1)], rows: 8)
    var mean = try makeRule("mean", rows: 8)
    for number in 0..<4 {
      let result = try rule.aggregate(updates(number), in: makeRound(number))
      #expect(try result.update == mean.aggregate(updates(number), in: makeRound(number)).update)
    }
  }

  @Test func hugeModelsAndUpdatesDoNotStopIt() throws {
    var rule = try makeRule("fldetector", ["window": .integer(1)], rows: 8)
    for number in 0..<5 {
      let rows = makeNormal(rows: 8, columns: 6, seed: UInt64(number)).map { $0.map { $0 * 5e37 } }
      let global = [Float](repeating: number % 2 == 0 ? 3e38 : -3e38, count: 6)
      let result = try rule.aggregate(makeUpdates(rows), in: makeRound(number, global: global))
      #expect(!result.update.contains { !$0.isFinite })
    }
  }

  @Test func declaresAndRemembers() throws {
    let entry = try makeCatalog().aggregator("fldetector")
    #expect(entry.traits == [.declaresMalicious, .stateful])
    #expect(entry.needs == [.stableClients, .fullParticipation])
  }
}
