import Components
import Defenses
import Federation
import Tensors
import Testing

@Suite struct FlandersTests {
  /// The known answers of `Tests/Reference/rules_flanders.py`.
  @Test func agreesWithReference() throws { try KnownRounds.check("flanders.json") }

  private func play(
    _ rounds: [[[Double]]], _ given: [String: ArgumentValue], globals: [[Double]]? = nil,
    clients: [[Int]]? = nil
  ) throws -> [Aggregation] {
    var rule = try makeRule("flanders", given, rows: rounds[0].count)
    return try rounds.enumerated().map { number, rows in
      var updates = makeUpdates(rows)
      if let clients { updates.provenance = clients[number].map { Provenance(ClientID($0)) } }
      let global = globals?[number].map { Float($0) } ?? []
      return try rule.aggregate(updates, in: makeRound(number, global: global))
    }
  }

  /// All models double, but the last one stays in round 2: only that is not as forecast.
  ///
  /// The baseline of Flower takes round 0 to follow round 1 and keeps it, in place of an honest one.
  @Test func theFirstRoundDoesNotFollowTheLast() throws {
    let start = [[1.0, 2], [2, 1], [1, -1], [-1, 1], [1, 1]]
    let double = start.map { $0.map { 2 * $0 } }
    let last = double.dropLast().map { $0.map { 2 * $0 } } + [double[4]]
    let results = try play(
      [start, double, last], ["f": .integer(1), "ridge": .real(0.0001)])
    let suspicion = results[2].verdicts.compactMap(\.suspicion)
    #expect(suspicion.dropLast().allSatisfy { $0 < 0.01 } && suspicion[4] > 2)
    #expect(results[2].verdicts.map(\.disposition).last == .rejected)
    #expect(agree(results[2].update, [3, 3]))
  }

  /// By hand: 1 and 2 become 1/2 and 1; A = 0.5 / 1.25 = 0.4, then B = 0.2 / 1.04, and 2 A B is next.
  @Test func oneNumberIsForecastByHand() throws {
    let results = try play(
      [[[1]], [[2]], [[4]]], ["f": .integer(0), "iterations": .integer(1), "ridge": .real(1)])
    let expected = 2 * 0.4 * 0.2 / 1.04
    #expect(abs((results[2].verdicts[0].suspicion ?? 0) - (4 - expected)) < 1e-14)
  }

  /// Before there is a step from one round to the next, nobody is judged.
  @Test func theFirstTwoRoundsAreTheMean() throws {
    let rounds = (0..<3).map { makeNormal(rows: 5, columns: 4, seed: UInt64($0)) }
    let results = try play(rounds, ["f": .integer(2)])
    for (result, rows) in zip(results.prefix(2), rounds) {
      let mean = try run(makeRule("mean", rows: 5), on: makeUpdates(rows))
      #expect(result.update == mean.update)
      #expect(result.verdicts == .init(repeating: Verdict(.accepted, weight: 0.2), count: 5))
    }
    #expect(results[2].report == ["kept": .number(3)])
    #expect(results[2].verdicts.allSatisfy { $0.suspicion != nil })
  }

  /// Models are forecast, not updates: what the global model adds to rows it takes from them.
  @Test func rowsAreAddedToTheGlobalModel() throws {
    let models = (0..<6).map { makeNormal(rows: 6, columns: 5, seed: UInt64(20 + $0)) }
      .map { $0.map { $0.map { ($0 * 64).rounded() / 64 } } }
    let globals = (0..<6).map { t in (0..<5).map { Double(t * $0) / 8 - 1 } }
    let updates = zip(models, globals).map { rows, global in
      rows.map { zip($0, global).map { $0 - $1 } }
    }
    // Four rows are kept: their mean is exact in single precision, whatever it is taken of.
    let given: [String: ArgumentValue] = ["f": .integer(2)]
    let (bare, moved) = (try play(models, given), try play(updates, given, globals: globals))
    for (bare, moved) in zip(bare, moved) {
      #expect(bare.verdicts.map(\.disposition) == moved.verdicts.map(\.disposition))
      for (first, second) in zip(bare.verdicts, moved.verdicts) {
        #expect(abs((first.suspicion ?? 0) - (second.suspicion ?? 0)) < 1e-5)
      }
    }
  }

  /// Who sends nothing in a round counts as having sent the model that the round started from.
  @Test func aClientMayMissRounds() throws {
    let rows = (0..<5).map { makeNormal(rows: 5, columns: 4, seed: UInt64(40 + $0)) }
    let globals = (0..<5).map { makeNormal(rows: 1, columns: 4, seed: UInt64(60 + $0))[0] }
    var (partial, full) = (rows, rows)
    partial[2].remove(at: 3)
    full[2][3] = [0, 0, 0, 0]
    var clients = [[Int]](repeating: [0, 1, 2, 3, 4], count: 5)
    clients[2].remove(at: 3)
    let given: [String: ArgumentValue] = ["f": .integer(0)]
    let missing = try play(partial, given, globals: globals, clients: clients)
    let present = try play(full, given, globals: globals)
    #expect(missing[2].verdicts.count == 4)
    #expect(
      missing[3].verdicts == present[3].verdicts && missing[4].verdicts == present[4].verdicts)
    // A client that comes late has no other past.
    var late = rows
    late[0].remove(at: 3)
    clients = [[0, 1, 2, 4]] + .init(repeating: [0, 1, 2, 3, 4], count: 4)
    let results = try play(late, given, globals: globals, clients: clients)
    #expect(results[4].verdicts.allSatisfy { $0.suspicion?.isFinite == true })
  }

  @Test func theLeastAnomalousRowStaysWhereFewRowsAreLeft() throws {
    let rounds = (0..<4).map { makeNormal(rows: 6, columns: 4, seed: UInt64(80 + $0)) }
    let clients = [[0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 5], [0, 1], [4]]
    let kept = zip(rounds, clients).map { Array($0.prefix($1.count)) }
    let results = try play(kept, ["f": .integer(3)], clients: clients)
    #expect(results.map(\.report) == [6, 6, 1, 1].map { ["kept": .number($0)] })
    #expect(results[3].update == kept[3][0].map { Float($0) })
  }

  @Test func asManyAttackersAsRowsAreInfeasible() throws {
    #expect(throws: Never.self) { try makeRule("flanders", ["f": .integer(9)], rows: 10) }
    let error = #expect(throws: ConfigurationError.self) {
      _ = try makeRule("flanders", ["f": .integer(10)], rows: 10)
    }
    #expect(error?.isInfeasibility == true)
  }

  @Test func hugeAndTinyModelsAreForecast() throws {
    for scale in [1e-38, 3e37] {
      let rounds = (0..<4).map { makeNormal(rows: 5, columns: 3, seed: UInt64(90 + $0)) }
        .map { $0.map { $0.map { $0 * scale } } }
      let results = try play(rounds, ["f": .integer(1)])
      #expect(results.allSatisfy { !$0.update.contains { !$0.isFinite } })
      #expect(results[3].verdicts.allSatisfy { $0.suspicion?.isFinite == true })
    }
  }
}
