import Components
import Defenses
import Determinism
import Federation
import Tensors
import Testing

/// Inputs on which other implementations go wrong, with what is right.
///
/// `Where implementations disagree` in the documentation is the list; what a comment says of others
/// was seen in their code or by running it. Defects of rules with tests of their own are there:
/// FLAME, DeepSight, LASA, AlignIns, FLANDERS, RFLBAT, GAS, FedSECA, weak DP and CRFL.
@Suite struct PeerDefectTests {
  private func update(
    _ id: String, _ given: [String: ArgumentValue] = [:], _ rows: [[Double]]
  ) throws -> [Float] {
    try run(makeRule(id, given, rows: rows.count), on: makeUpdates(rows)).update
  }

  private func stage(
    _ id: String, _ given: [String: ArgumentValue], _ updates: UpdateMatrix
  ) throws -> UpdateMatrix {
    let entry = try makeCatalog().stage(ComponentID(id))
    var stage = try entry.make(
      Arguments(given, for: entry.manifest), DefenseSetup(participantCount: updates.rowCount))
    var result = updates
    try stage.transform(&result, in: makeRound())
    return result
  }

  // MARK: - Averages

  /// FLPoison drops `x[-0:]` where floor(βn) is 0 and returns zeros.
  @Test func trimmingNothingIsTheMean() throws {
    let rows = (0..<8).map { [Double($0), 8 - Double($0)] }
    #expect(try update("trimmed-mean", ["fraction": .real(0.1)], rows) == [3.5, 4.5])
  }

  /// FLPoison and fedlib subtract the extremes from the total, which cancels.
  @Test func hugeExtremesDoNotCancel() throws {
    let rows: [[Double]] = [[1], [2], [3], [1e30], [-1e30]]
    #expect(try update("trimmed-mean", ["f": .integer(1)], rows) == [2])
  }

  /// PyTorch's median takes the lower of two middle values.
  @Test func theMedianOfAnEvenNumberLiesBetween() throws {
    #expect(try update("median", [[1], [2], [4], [9]]) == [3])
  }

  private func update(_ id: String, _ rows: [[Double]]) throws -> [Float] {
    try update(id, [:], rows)
  }

  /// ByzFL's ν of 0.1 makes the geometric median of near rows their mean.
  @Test func nearRowsHaveAGeometricMedianToo() throws {
    let rows: [[Double]] = [[0.001], [0.001], [0.001], [0.001], [0.05]]
    let near = try update("geometric-median", rows)
    #expect(abs(near[0] - 0.001) < 1e-4)
    let peers = try update("rfa", ["nu": .real(0.1)], rows)
    #expect(abs(peers[0] - 0.0108) < 1e-6)
  }

  /// FLPoison's and ByzFL's τ of 100 is longer than any update, so that clipping clips nothing; ByzPy
  /// starts at the mean of the round, wherever attackers have moved it.
  @Test func centeredClippingClips() throws {
    let rows: [[Double]] = [[1, 0], [0, 1], [1, 1], [50, 50]]
    let result = try run(makeRule("centered-clipping", rows: 4), on: makeUpdates(rows))
    #expect(result.report["clipped"] != .number(0))
    #expect(result.update.allSatisfy { $0 < 1 })
    let loose = try run(
      makeRule("centered-clipping", ["tau": .real(100)], rows: 4), on: makeUpdates(rows))
    #expect(loose.update == [13, 13] && loose.report["clipped"] == .number(0))
  }

  // MARK: - Selection

  /// Squares once.
  ///
  /// fedlib squares squared distances, FLPoison and unbitrium do not square at all; ByzFL, ByzPy and
  /// FLPoison have one neighbor more than the paper. Each choice is a parameter, and picks another
  /// row here.
  @Test func krumSquaresDistancesOnce() throws {
    let rows: [[Double]] = [[0], [1], [2.5], [3.5], [6], [7], [9.25], [9.75]]
    func winner(_ given: [String: ArgumentValue]) throws -> Float {
      try update("krum", given.merging(["f": .integer(2)]) { $1 }, rows)[0]
    }
    func byHand(neighbors: Int, power: Double) -> Float {
      let scores = rows.indices.map { i in
        rows.indices.filter { $0 != i }.map { abs(rows[i][0] - rows[$0][0]) }.sorted()
          .prefix(neighbors).reduce(0.0) { sum, distance in
            sum + (0..<Int(power)).reduce(1.0) { product, _ in product * distance }
          }
      }
      return Float(rows[scores.firstIndex(of: scores.min() ?? 0) ?? 0][0])
    }
    for (neighbours, count) in [("n-f-2", 4), ("n-f-1", 5), ("n-f", 6)] {
      for (power, exponent) in [("1", 1.0), ("2", 2), ("4", 4)] {
        #expect(
          try winner(["neighbours": .text(neighbours), "power": .text(power)])
            == byHand(neighbors: count, power: exponent), "\(neighbours) \(power)")
      }
    }
    #expect(try winner([:]) == byHand(neighbors: 4, power: 2))
  }

  /// FLPoison slices from the end where n − f − 1 is not positive; unbitrium falls back to the mean.
  @Test func krumRefusesTooFewRows() {
    for (n, f) in [(4, 1), (3, 3), (2, 1)] {
      let error = #expect(throws: ConfigurationError.self) {
        try makeRule("krum", ["f": .integer(f)], rows: n)
      }
      #expect(error?.isInfeasibility == true)
    }
  }

  /// FLPoison averages floor(0.2 n) rows, none of fewer than five, which gives NaN.
  @Test func multiKrumNeverAveragesNothing() throws {
    let rows: [[Double]] = [[0], [1], [2], [3]]
    #expect(try update("multi-krum", ["f": .integer(0)], rows) == [1.5])
    #expect(throws: ConfigurationError.self) {
      try makeRule("multi-krum", ["f": .integer(0), "m": .integer(0)], rows: 4)
    }
  }

  /// FLPoison picks one client again and again (5.7 distinct ones of 12) and keeps all values in stage
  /// 2; Flower's new rule and CRYPTO-KU's take θ rows of one scoring pass.
  @Test func bulyanPicksDistinctRowsOneByOne() throws {
    var sameAsOnePass = 0
    for seed in 1...20 as ClosedRange<UInt64> {
      let rows = makeNormal(rows: 20, columns: 6, seed: seed)
      let result = try run(makeRule("bulyan", ["f": .integer(4)], rows: 20), on: makeUpdates(rows))
      guard case .rows(let selected)? = result.report["selected"] else {
        Issue.record("no selection")
        return
      }
      var left = Array(0..<20)
      var picked: [Int] = []
      for _ in 0..<12 {
        let best = krum(left, of: rows, f: 4)
        left.removeAll { $0 == best }
        picked.append(best)
      }
      #expect(selected == picked.sorted())
      let scores = result.verdicts.map { $0.suspicion ?? 0 }
      let onePass = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }.prefix(12)
      sameAsOnePass += selected == onePass.sorted() ? 1 : 0
      let average = (0..<6).map { column in
        Float(selected.reduce(0.0) { $0 + rows[$1][column] } / 12)
      }
      #expect(result.update != average)
    }
    #expect(sameAsOnePass < 5)
  }

  /// Krum's choice among some rows, by its definition.
  private func krum(_ left: [Int], of rows: [[Double]], f: Int) -> Int {
    let scores = left.map { i in
      left.filter { $0 != i }.map { j in
        zip(rows[i], rows[j]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      }.sorted().prefix(max(left.count - f - 2, 1)).reduce(0, +)
    }
    return left[scores.firstIndex(of: scores.min() ?? 0) ?? 0]
  }

  /// ByzFL fails where one row is left.
  @Test func mdaAveragesOneRow() throws {
    let rows: [[Double]] = [[3, 4], [7, 8]]
    let one = try makeRule("mda", ["f": .integer(1), "relax": .text("true")], rows: 2)
    #expect(try run(one, on: makeUpdates(rows)).update == [3, 4])
  }

  /// ByzFL takes one power step from a random start: 13 and 14 different results in 20 calls; f = 0
  /// and equal rows give nothing at all, or an index error.
  @Test(arguments: ["caf", "smea"]) func spreadsAreExact(id: String) throws {
    let updates = makeUpdates(makeNormal(rows: 11, columns: 7, seed: 6))
    let results = try (0..<20).map { _ in
      try run(makeRule(id, ["f": .integer(3)], rows: 11), on: updates).update
    }
    #expect(Set(results).count == 1)
    let equal = [[Double]](repeating: [1, -2, 3], count: 9)
    #expect(try update(id, ["f": .integer(2)], equal) == [1, -2, 3])
    #expect(try update(id, ["f": .integer(0)], [[0], [1], [5]]) == [2])
  }

  /// LASA's code takes the first column of the right singular vectors' transpose, not the first row,
  /// and kept 117 of 300 Sybils; Blades and FLPoison average nothing where no row passes every time.
  @Test func dncFollowsTheFirstSingularVector() throws {
    var kept = 0
    for seed in 1...100 as ClosedRange<UInt64> {
      var rows = makeNormal(rows: 10, columns: 8, seed: seed)
      for row in 0..<3 { rows[row] = (0..<8).map { $0 == 5 ? 10 : 0.1 * rows[0][$0] } }
      let result = try run(
        makeRule("dnc", ["f": .integer(3), "coordinates": .text("all")], rows: 10),
        on: makeUpdates(rows))
      kept += (0..<3).count { result.verdicts[$0].weight > 0 }
      let draws = try makeRule(
        "dnc",
        ["f": .integer(4), "coordinates": .integer(1), "iterations": .integer(50)], rows: 10)
      let weights = try run(draws, on: makeUpdates(rows)).verdicts.map(\.weight)
      #expect(abs(weights.reduce(0, +) - 1) < 1e-12)
    }
    #expect(kept <= 3)
  }

  // MARK: - Stages

  /// FLPoison's shuffle of a matrix repeats rows and loses others (9.4 of 20), so that the mean of
  /// 0…19 came out as 4.7.
  @Test func bucketsKeepEveryRow() throws {
    let updates = makeUpdates((0..<20).map { [Double($0)] })
    let mixed = try stage("bucketing", ["size": .integer(2)], updates)
    #expect(mixed.values.values.reduce(0, +) == 95)
    #expect(mixed.provenance.flatMap(\.shares).map(\.client.index).sorted() == Array(0..<20))
    // CRYPTO-KU has floor(n / size) buckets and loses the rest.
    let odd = try stage(
      "bucketing", ["size": .integer(2)], makeUpdates((0..<5).map { [Double($0)] }))
    #expect(odd.rowCount == 3)
  }

  /// ByzFL's clipping and ARC change the caller's array, FLPoison's FoolsGold and bucketing too.
  @Test(arguments: builtInStages.map(\.manifest.id.rawValue))
  func nothingChangesItsInput(id: String) throws {
    let updates = makeUpdates(makeNormal(rows: 9, columns: 5, seed: 2))
    let before = updates.values.values
    let parameters = try makeCatalog().stage(ComponentID(id)).manifest.parameters.map(\.name)
    _ = try stage(
      id,
      ["f": ArgumentValue.integer(2), "bound": .real(1)].filter { parameters.contains($0.key) },
      updates)
    #expect(updates.values.values == before)
  }

  // MARK: - Detection and trust

  /// FLPoison takes the plain mean where no client is trusted, which lets the attacker in.
  @Test func noTrustIsNoUpdate() throws {
    let rows: [[Double]] = [[-1, 0], [-2, -1], [0, -3]]
    let result = try run(makeRule("fltrust", rows: 3), on: makeUpdates(rows), root: [1, 1])
    #expect(result.update == [0, 0])
  }

  /// FLPoison gives FLTrust, FoolsGold, norm clipping, DnC, SignGuard and Auror models for updates and
  /// adds the global model once more.
  @Test(arguments: ["auror", "dnc", "fltrust", "foolsgold", "norm-clipping", "sign-guard"])
  func rulesSeeUpdatesAlone(id: String) throws {
    let updates = makeUpdates(makeNormal(rows: 9, columns: 6, seed: 9))
    var results: Set<[Float]> = []
    for global in [[Float](repeating: 0, count: 6), [Float](repeating: 1000, count: 6)] {
      var rule = try makeRule(id, rows: 9, plan: plan)
      results.insert(
        try rule.aggregate(updates, in: makeRound(global: global, root: updates.values.row(0)))
          .update)
    }
    #expect(results.count == 1)
  }

  /// AlignIns' FoolsGold looks at one round alone, CRYPTO-KU's at none of the first ten; FLPoison
  /// adds where the paper averages.
  @Test func foolsGoldRemembers() throws {
    var rule = try makeRule("foolsgold", rows: 3)
    // Alike over both rounds, but not in the second: 0 and 1.
    _ = try rule.aggregate(makeUpdates([[8, 0, 0], [8, 0.1, 0], [0, 0, 8]]), in: makeRound(0))
    let second = makeUpdates([[0, 1, 0], [1, 0, 0], [0, 0, 1]])
    let remembered = try rule.aggregate(second, in: makeRound(1)).verdicts.map(\.weight)
    let alone = try run(makeRule("foolsgold", rows: 3), on: second).verdicts.map(\.weight)
    #expect(remembered[0] < 0.1 && remembered[1] < 0.1 && remembered[2] > 0.8)
    #expect(alone.allSatisfy { abs($0 - 1.0 / 3) < 1e-12 })
  }

  /// FLPoison hands k-means a matrix without columns.
  @Test func aurorKeepsAllWithoutIndicativeFeatures() throws {
    var rule = try makeRule("auror", ["rounds": .integer(1), "threshold": .real(100)], rows: 4)
    let updates = makeUpdates(makeNormal(rows: 4, columns: 3, seed: 1))
    _ = try rule.aggregate(updates, in: makeRound(0))
    let result = try rule.aggregate(updates, in: makeRound(1))
    #expect(result.verdicts.allSatisfy { $0.weight == 0.25 })
  }

  /// Blades shortens rows first, so that none is ever too long; its two clusters reject somebody in
  /// every round.
  @Test func signGuardRejectsLongRowsAndNobodyElse() throws {
    var rows = makeNormal(rows: 9, columns: 40, seed: 12).map { $0.map(abs) }
    rows[4] = rows[4].map { 50 * $0 }
    let result = try run(
      makeRule("sign-guard", ["fraction": .real(1)], rows: 9), on: makeUpdates(rows))
    let rejected = result.verdicts.indices.filter { result.verdicts[$0].disposition == .rejected }
    #expect(rejected == [4])
  }

  /// FLPoison's gap rule returns one cluster too many, so that it removes somebody in every round.
  @Test func flDetectorKeepsClientsThatAreAlike() throws {
    var rule = try makeRule("fldetector", ["window": .integer(3)], rows: 10)
    for number in 0..<8 {
      let noise = makeNormal(rows: 10, columns: 6, seed: UInt64(300 + number))
      let global = [Float](repeating: Float(4 - number), count: 6)
      let result = try rule.aggregate(
        makeUpdates(noise.map { $0.map { -0.3 + 0.01 * $0 } }),
        in: makeRound(number, global: global)
      )
      #expect(result.verdicts.allSatisfy { $0.disposition == .accepted }, "round \(number)")
    }
  }
}
