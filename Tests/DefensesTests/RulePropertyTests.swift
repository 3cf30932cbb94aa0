import Defenses
import Determinism
import Federation
import Kernels
import Tensors
import Testing

/// Laws that every rule of the catalog obeys.
@Suite struct RulePropertyTests {
  static let ids = builtInAggregators.map(\.manifest.id.rawValue)
  private let plan: [PlanFact: ArgumentValue] = [.declaredByzantine: .integer(2)]
  private let rows = makeNormal(rows: 11, columns: 37, seed: 8)

  private func rule(_ id: String, rows: Int = 11) throws -> any Aggregator {
    try makeRule(id, rows: rows, plan: plan)
  }

  @Test func idsAreSortedAndUnique() {
    #expect(Self.ids == Self.ids.sorted() && Set(Self.ids).count == Self.ids.count)
    let stages = builtInStages.map(\.manifest.id)
    #expect(stages == stages.sorted() && Set(stages).count == stages.count)
    for manifest in builtInAggregators.map(\.manifest) + builtInStages.map(\.manifest) {
      #expect(!manifest.summary.isEmpty && !manifest.formula.isEmpty && !manifest.citation.isEmpty)
      #expect(manifest.parameters.allSatisfy { !$0.help.isEmpty })
    }
  }

  @Test(arguments: ids) func verdictsAreComplete(id: String) throws {
    let updates = makeUpdates(rows, Float.self)
    let result = try run(rule(id), on: updates)
    #expect(result.update.count == 37 && result.update.allSatisfy(\.isFinite))
    #expect(result.verdicts.count == 11)
    #expect(result.verdicts.allSatisfy { $0.weight >= 0 && $0.weight <= 1 })
    #expect(result.verdicts.map(\.weight).reduce(0, +) <= 1 + 1e-12)
    #expect(updates.values == makeUpdates(rows, Float.self).values)
  }

  @Test(arguments: ids) func orderOfRowsDoesNotMatter(id: String) throws {
    let updates = makeUpdates(rows, Float.self)
    let straight = try run(rule(id), on: updates)
    for seed in 1...5 as ClosedRange<UInt64> {
      var random = SeedPath(root: seed).stream()
      let order = random.permutation(11)
      let permuted = UpdateMatrix<Float>(
        values: Matrix(rows: order.map { updates.values.row($0) }),
        provenance: order.map { updates.provenance[$0] }, weights: updates.weights)
      let result = try run(rule(id), on: permuted)
      if ["median", "trimmed-mean", "krum"].contains(id) {
        #expect(result.update == straight.update)
      }
      #expect(agree(result.update, straight.update.map { Double($0) }, tolerance: 1e-6, scale: 1))
      for (row, source) in order.enumerated() {
        let (got, want) = (result.verdicts[row], straight.verdicts[source])
        #expect(got.disposition == want.disposition)
        #expect(abs(got.weight - want.weight) < 1e-12)
        #expect(abs((got.suspicion ?? 0) - (want.suspicion ?? 0)) < 1e-9)
      }
    }
  }

  @Test(arguments: ids) func equalRowsGiveThatRow(id: String) throws {
    let row = makeNormal(rows: 1, columns: 13, seed: 5)[0]
    for count in [7, 8, 10] {
      let updates = makeUpdates(.init(repeating: row, count: count), Float.self)
      let result = try run(rule(id, rows: count), on: updates)
      #expect(result.update == row.map { Float($0) })
    }
  }

  @Test(arguments: ids) func scalesWithItsInput(id: String) throws {
    let straight = try run(rule(id), on: makeUpdates(rows, Float.self)).update
    let scaled = rows.map { $0.map { $0 * 4 } }
    #expect(
      try run(rule(id), on: makeUpdates(scaled, Float.self)).update == straight.map { $0 * 4 })
  }

  @Test(arguments: ids.filter { $0 != "norm-clipping" })
  func movesWithItsInput(id: String) throws {
    let straight = try run(rule(id), on: makeUpdates(rows, Double.self)).update
    let moved = rows.map { $0.map { $0 + 3 } }
    let result = try run(rule(id), on: makeUpdates(moved, Double.self)).update
    #expect(agree(result, straight.map { $0 + 3 }, tolerance: 1e-12, scale: 1))
  }

  @Test(arguments: ids) func sameBitsForAnyNumberOfThreads(id: String) throws {
    let updates = makeUpdates(makeNormal(rows: 11, columns: 9001, seed: 2), Float.self)
    let one = try run(rule(id), on: updates)
    for width in [2, 5] {
      let several = try run(rule(id), on: updates, width: width)
      #expect(several.update.map(\.bitPattern) == one.update.map(\.bitPattern))
      #expect(several.verdicts == one.verdicts)
    }
  }

  @Test(arguments: ids) func oneRowIsItsOwnAggregate(id: String) throws {
    let updates = makeUpdates([[1, -2, 3]], Float.self)
    let result = try run(rule(id), on: updates)
    #expect(result.update == [1, -2, 3])
    #expect(result.verdicts[0].weight == 1)
  }

  @Test(arguments: ["krum", "multi-krum", "trimmed-mean"]) func tooManyAttackersAreInfeasible(
    id: String
  ) {
    let error = #expect(throws: ConfigurationError.self) {
      _ = try makeRule(id, ["f": .integer(5)], rows: 10)
    }
    #expect(error?.isInfeasibility == true)
  }
}
