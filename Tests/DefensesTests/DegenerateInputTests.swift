import Components
import Defenses
import Federation
import Tensors
import Testing

/// Matrices at the ends of what a rule or a stage may be given.
@Suite struct DegenerateInputTests {
  static let rules = [
    "centered-clipping", "cge", "meamed", "rfa", "rlr", "sign-majority", "weighted-mean",
  ]
  static let stages = ["arc", "bucketing", "clipping", "quantile-clipping", "sparsify"]

  private func stage(_ id: String) throws -> any PreAggregator {
    let given: [String: [String: ArgumentValue]] = [
      "arc": ["f": .integer(2)], "clipping": ["bound": .real(1)],
    ]
    return try makeStage(id, given[id] ?? [:], rows: 7)
  }

  @Test(arguments: rules) func rulesTakeNoColumns(id: String) throws {
    for count in [1, 2, 7] {
      let updates = UpdateMatrix(Matrix<Float>(rowCount: count, columnCount: 0))
      let result = try run(makeRule(id, rows: 7, plan: plan), on: updates, root: [])
      #expect(result.update.isEmpty && result.verdicts.count == count)
      #expect(result.verdicts.allSatisfy { $0.weight >= 0 && $0.weight <= 1 })
    }
  }

  @Test(arguments: rules) func rulesGiveZeroForZeroRows(id: String) throws {
    for count in [1, 2, 7] {
      let rows = UpdateMatrix(Matrix<Float>(rowCount: count, columnCount: 5))
      let result = try run(makeRule(id, rows: 7, plan: plan), on: rows)
      #expect(result.update == [0, 0, 0, 0, 0])
    }
  }

  @Test(arguments: rules) func rulesStayFiniteAtTheEndsOfTheirInput(id: String) throws {
    let large = Double(Float.greatestFiniteMagnitude)
    let updates = makeUpdates([
      [large, large], [large, -large], [0, 0], [-large, large], [1e-30, large], [1, -1],
      [large, large],
    ])
    let result = try run(makeRule(id, rows: 7, plan: plan), on: updates)
    #expect(result.update.allSatisfy { $0.isFinite })
    #expect(result.verdicts.allSatisfy { $0.weight.isFinite && $0.suspicion?.isNaN != true })
  }

  @Test(arguments: stages) func stagesTakeAnyMatrix(id: String) throws {
    for (count, columns) in [(1, 0), (7, 0), (1, 5), (2, 5), (7, 5)] {
      var updates = UpdateMatrix(Matrix<Float>(rowCount: count, columnCount: columns))
      var stage = try stage(id)
      try stage.transform(&updates, in: makeRound())
      #expect(updates.rowCount == stage.rowCount(from: count))
      #expect(updates.values.values.allSatisfy { $0 == 0 })
      #expect(abs(updates.weights.reduce(0, +) - 1) < 1e-12)
    }
  }

  @Test(arguments: stages) func stagesHaveTheSameBitsForAnyNumberOfThreads(id: String) throws {
    let given = makeUpdates(makeNormal(rows: 7, columns: 9001, seed: 3))
    let made = try [1, 2, 5].map { width in
      var updates = given
      var stage = try stage(id)
      for _ in 0..<2 { try stage.transform(&updates, in: makeRound(width: width)) }
      return updates
    }
    for other in made.dropFirst() {
      #expect(other.values == made[0].values && other.weights == made[0].weights)
      #expect(other.provenance == made[0].provenance)
    }
  }
}
