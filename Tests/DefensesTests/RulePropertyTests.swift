import Components
import Defenses
import Determinism
import Federation
import Tensors
import Testing

/// What every rule of the catalog has to obey, and what each one promises besides.
@Suite struct RulePropertyTests {
  private let rows = makeNormal(rows: 11, columns: 36, seed: 8)

  /// Less work than by default, of rules that train or try models.
  private static let quick: [String: [String: ArgumentValue]] = [
    "backdoor-indicator": ["epochs": .integer(5)], "deepsight": ["samples": .integer(200)],
  ]

  private func rule(_ id: String, rows: Int = 11, columns: Int = 36) throws -> any Aggregator {
    try makeRule(id, Self.quick[id] ?? [:], rows: rows, columns: columns, plan: plan)
  }

  static let ids = builtInAggregators.map(\.manifest.id.rawValue)

  /// The rules that promise something.
  private static func promising(_ law: RuleLaws) -> [String] {
    builtInAggregators.filter { $0.laws.contains(law) }.map(\.manifest.id.rawValue)
  }

  @Test(arguments: ids) func verdictsAreComplete(id: String) throws {
    let updates = makeUpdates(rows)
    let result = try run(rule(id), on: updates)
    #expect(result.update.count == 36 && result.update.allSatisfy(\.isFinite))
    #expect(result.verdicts.count == 11)
    #expect(result.verdicts.allSatisfy { $0.weight >= 0 && $0.weight <= 1 })
    #expect(result.verdicts.map(\.weight).reduce(0, +) <= 1 + 1e-12)
    #expect(result.verdicts.allSatisfy { $0.disposition != .rejected || $0.weight == 0 })
    #expect(result.verdicts.allSatisfy { $0.suspicion?.isNaN != true })
    #expect(updates.values == makeUpdates(rows).values)
  }

  @Test(arguments: ids) func reportsWhatItAnnounces(id: String) throws {
    let entry = try makeCatalog().aggregator(ComponentID(id))
    let numbers = try run(rule(id), on: makeUpdates(rows)).report.filter {
      if case .number = $0.value { true } else { false }
    }
    #expect(numbers.keys.sorted() == entry.reports.sorted())
  }

  @Test(arguments: promising(.spreadsNonFinite), [Float.nan, .infinity, -.infinity])
  func valuesThatAreNotFiniteShowInTheResult(id: String, value: Float) throws {
    for row in 0..<11 {
      var updates = makeUpdates(rows)
      updates.values.withMutableRow(row) { $0[7] = value }
      let result = try run(rule(id), on: updates)
      #expect(result.update.indices.filter { !result.update[$0].isFinite } == [7])
    }
  }

  @Test(arguments: promising(.order)) func orderOfRowsDoesNotMatter(id: String) throws {
    let updates = makeUpdates(rows)
    let straight = try run(rule(id), on: updates)
    for seed in 1...5 as ClosedRange<UInt64> {
      var random = SeedPath(root: seed).stream()
      let order = random.permutation(11)
      // Clients are numbered anew: a rule is given rows in ascending order of them.
      let permuted = UpdateMatrix(updates.values.selecting(order))
      let result = try run(rule(id), on: permuted, root: updates.values.row(0))
      #expect(agree(result.update, straight.update.map { Double($0) }))
      for (row, source) in order.enumerated() {
        let (got, want) = (result.verdicts[row], straight.verdicts[source])
        #expect(got.disposition == want.disposition)
        #expect(abs(got.weight - want.weight) < 1e-12)
        #expect(abs((got.suspicion ?? 0) - (want.suspicion ?? 0)) < 1e-9)
      }
    }
  }

  @Test(arguments: ids) func numbersOfClientsDoNotMatter(id: String) throws {
    let updates = makeUpdates(rows)
    var renumbered = updates
    renumbered.provenance = (0..<11).map { Provenance(ClientID(5 + 3 * $0)) }
    let (first, second) = try (run(rule(id), on: updates), run(rule(id), on: renumbered))
    #expect(first.update == second.update && first.verdicts == second.verdicts)
    #expect(first.report == second.report)
  }

  @Test(arguments: promising(.equalRows)) func equalRowsGiveThatRow(id: String) throws {
    let row = makeNormal(rows: 1, columns: 12, seed: 5)[0]
    for count in [11, 12, 15] {
      let result = try run(
        rule(id, rows: count, columns: 12), on: makeUpdates(.init(repeating: row, count: count)))
      #expect(result.update == row.map { Float($0) })
    }
  }

  @Test(arguments: promising(.scale)) func scalesWithItsInput(id: String) throws {
    let straight = try run(rule(id), on: makeUpdates(rows)).update
    for factor in [4, 0.125, 3] as [Float] {
      let scaled = rows.map { $0.map { Double(Float($0) * factor) } }
      let result = try run(rule(id), on: makeUpdates(scaled)).update
      #expect(agree(result, straight.map { Double($0) * Double(factor) }))
    }
  }

  @Test(arguments: promising(.translation)) func movesWithItsInput(id: String) throws {
    // Multiples of 2^-12, so that the sums are exact.
    let coarse = rows.map { $0.map { ($0 * 4096).rounded() / 4096 } }
    let straight = try run(rule(id), on: makeUpdates(coarse)).update
    let moved = coarse.map { $0.map { $0 + 3 } }
    let result = try run(rule(id), on: makeUpdates(moved)).update
    #expect(agree(result, straight.map { Double($0) + 3 }))
  }

  @Test(arguments: promising(.range)) func staysWithinItsInput(id: String) throws {
    for seed in 1...10 as ClosedRange<UInt64> {
      let rows = makeNormal(rows: 11, columns: 20, seed: seed)
      let update = try run(rule(id, columns: 20), on: makeUpdates(rows)).update
      for (column, value) in update.enumerated() {
        let values = rows.map { Float($0[column]) }
        let (low, high) = (values.reduce(.infinity, min), values.reduce(-.infinity, max))
        #expect(value >= low && value <= high)
      }
    }
  }

  @Test(
    arguments: builtInAggregators.filter { $0.traits.contains(.fixedWeights) }.map(\.manifest.id))
  func fixedWeightsAddUp(id: ComponentID) throws {
    let (a, b) = (rows, makeNormal(rows: 11, columns: 36, seed: 9))
    let sum = zip(a, b).map { zip($0, $1).map { Double(Float($0) + Float($1)) } }
    let of = try [a, b, sum].map { try run(rule(id.rawValue), on: makeUpdates($0)).update }
    #expect(agree(of[2], zip(of[0], of[1]).map { Double($0) + Double($1) }))
  }

  @Test(arguments: promising(.singleRow)) func oneRowIsItsOwnAggregate(id: String) throws {
    let result = try run(rule(id, columns: 4), on: makeUpdates([[1, -2, 3, 4]]))
    #expect(result.update == [1, -2, 3, 4])
    #expect(result.verdicts[0].weight == 1)
  }

  @Test(arguments: ids) func sameBitsForAnyNumberOfThreads(id: String) throws {
    let updates = makeUpdates(makeNormal(rows: 11, columns: 9002, seed: 2))
    let one = try run(rule(id, columns: 9002), on: updates)
    for width in [2, 5] {
      let several = try run(rule(id, columns: 9002), on: updates, width: width)
      #expect(several.update.map(\.bitPattern) == one.update.map(\.bitPattern))
      #expect(several.verdicts == one.verdicts && several.report == one.report)
    }
  }

  /// Six rounds on a model that moves: enough for a window of 2 to fill and decide.
  private func rounds(_ rule: inout any Aggregator, _ numbers: Range<Int>, width: Int = 1) throws
    -> [Aggregation]
  {
    try numbers.map { number in
      let updates = makeUpdates(makeNormal(rows: 11, columns: 36, seed: UInt64(40 + number)))
      let global = makeNormal(rows: 1, columns: 36, seed: UInt64(80 + number))[0].map { Float($0) }
      return try rule.aggregate(
        updates, in: makeRound(number, global: global, root: updates.values.row(0), width: width))
    }
  }

  private func stateful(_ id: String) throws -> any Aggregator {
    let given: [String: [String: ArgumentValue]] = [
      "auror": ["rounds": .integer(2)], "fldetector": ["window": .integer(2)],
    ]
    return try makeRule(id, given[id] ?? Self.quick[id] ?? [:], rows: 11, plan: plan)
  }

  @Test(arguments: ids) func copyIsASnapshot(id: String) throws {
    var undisturbed = try stateful(id)
    let expected = try rounds(&undisturbed, 0..<6).dropFirst(3)
    var rule = try stateful(id)
    _ = try rounds(&rule, 0..<3)
    var copy = rule
    // The copy goes another way first, and then it is the original's turn.
    _ = try rounds(&copy, 10..<12)
    let after = try rounds(&rule, 3..<6)
    #expect(rule.isCopyable)
    for (got, want) in zip(after, expected) {
      #expect(got.update == want.update && got.verdicts == want.verdicts)
      #expect(got.report == want.report)
    }
  }

  @Test(arguments: ids) func laterRoundsHaveTheSameBitsForAnyNumberOfThreads(id: String) throws {
    var first = try stateful(id)
    let one = try rounds(&first, 0..<6)
    for width in [2, 5] {
      var rule = try stateful(id)
      for (got, want) in zip(try rounds(&rule, 0..<6, width: width), one) {
        #expect(got.update.map(\.bitPattern) == want.update.map(\.bitPattern))
        #expect(got.verdicts == want.verdicts && got.report == want.report)
      }
    }
  }

  @Test(arguments: builtInAggregators.filter { !$0.traits.contains(.stateful) }.map(\.manifest.id))
  func onlyStatefulRulesRemember(id: ComponentID) throws {
    var rule = try stateful(id.rawValue)
    let first = try rounds(&rule, 0..<1)[0]
    _ = try rounds(&rule, 1..<3)
    let again = try rounds(&rule, 0..<1)[0]
    #expect(first.update == again.update && first.verdicts == again.verdicts)
  }

  @Test(arguments: [
    "bulyan", "caf", "cge", "dnc", "foundation", "gas", "krum", "mda", "meamed", "monna",
    "multi-krum", "phocas", "smea", "trimmed-mean",
  ])
  func tooManyAttackersAreInfeasible(id: String) {
    let error = #expect(throws: ConfigurationError.self) {
      _ = try makeRule(id, ["f": .integer(5)], rows: 10)
    }
    #expect(error?.isInfeasibility == true)
  }

  @Test(arguments: ids) func fewerRowsThanAnnouncedStillWork(id: String) throws {
    for count in 1...10 {
      let updates = makeUpdates(makeNormal(rows: count, columns: 6, seed: UInt64(count)))
      let result = try run(rule(id, columns: 6), on: updates)
      #expect(result.update.allSatisfy(\.isFinite) && result.verdicts.count == count)
      #expect(result.verdicts.map(\.weight).reduce(0, +) <= 1 + 1e-12)
    }
  }
}
