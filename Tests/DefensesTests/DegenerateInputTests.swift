import Components
import Defenses
import Federation
import Tensors
import Testing

/// Matrices at the ends of what a rule or a stage may be given.
@Suite struct DegenerateInputTests {
  static let rules = builtInAggregators.map(\.manifest.id.rawValue)
  /// Those that need no columns of a model.
  static let rulesOnUpdates = builtInAggregators.filter {
    $0.needs.isDisjoint(with: [.model, .rootData, .outOfDistributionData])
  }.map(\.manifest.id.rawValue)
  static let stages = ["arc", "bucketing", "clipping", "quantile-clipping", "sparsify"]

  private func stage(_ id: String) throws -> any PreAggregator {
    let given: [String: [String: ArgumentValue]] = [
      "arc": ["f": .integer(2)], "clipping": ["bound": .real(1)],
    ]
    return try makeStage(id, given[id] ?? [:], rows: 7)
  }

  /// Made for eleven rows; matrices with fewer are rounds in which rows were dropped.
  @Test(arguments: rules, [0, 2]) func rulesAnswerEveryMatrix(id: String, f: Int) throws {
    for matrix in DegenerateMatrix.all {
      var rule = try makeRule(
        id, rows: 11, columns: 12, plan: [.declaredByzantine: .integer(f)])
      let updates = matrix.updates
      let global = makeNormal(rows: 1, columns: 12, seed: 62)[0].map { Float($0) }
      // Three rounds, so that what is remembered of a matrix meets it again.
      for number in 0..<3 {
        let result = try rule.aggregate(
          updates, in: makeRound(number, global: global, root: updates.values.row(0)))
        let name: Comment = "\(matrix.name), round \(number): \(result)"
        #expect(result.update.count == 12 && result.update.allSatisfy(\.isFinite), name)
        #expect(result.verdicts.count == updates.rowCount, name)
        #expect(result.verdicts.allSatisfy { $0.weight >= 0 && $0.weight <= 1 }, name)
        #expect(result.verdicts.map(\.weight).reduce(0, +) <= 1 + 1e-12, name)
        #expect(
          result.verdicts.allSatisfy { $0.disposition != .rejected || $0.weight == 0 }, name)
        #expect(result.verdicts.allSatisfy { $0.suspicion?.isNaN != true }, name)
        #expect(updates.values == matrix.updates.values, name)
      }
    }
  }

  /// What the server trained is zero as well; a rule that plants a watermark adds that.
  @Test(
    arguments: builtInAggregators.filter { !$0.needs.contains(.outOfDistributionData) }
      .map(\.manifest.id.rawValue)
  )
  func rulesGiveZeroForZeroRows(id: String) throws {
    for count in [1, 2, 7, 11] {
      let rows = UpdateMatrix(Matrix<Float>(rowCount: count, columnCount: 12))
      let result = try run(makeRule(id, rows: 11, columns: 12, plan: plan), on: rows)
      #expect(result.update == [Float](repeating: 0, count: 12))
    }
  }

  @Test(arguments: rulesOnUpdates) func rulesTakeNoColumns(id: String) throws {
    for count in [1, 2, 7, 11] {
      let updates = UpdateMatrix(Matrix<Float>(rowCount: count, columnCount: 0))
      let result = try run(makeRule(id, rows: 11, plan: plan), on: updates, root: [])
      #expect(result.update.isEmpty && result.verdicts.count == count)
      #expect(result.verdicts.allSatisfy { $0.weight >= 0 && $0.weight <= 1 })
      #expect(result.verdicts.map(\.weight).reduce(0, +) <= 1 + 1e-12)
    }
  }

  /// Four rounds, the last of which differs from those before; some rules cannot use what they
  /// remember.
  @Test(arguments: rulesOnUpdates, [12, 5])
  func roundsMayHaveOtherColumnsOrNoModel(id: String, lastColumns: Int) throws {
    for without in [0, 2, 3] {
      var rule = try makeRule(id, rows: 11, plan: plan)
      for number in 0..<4 {
        let columns = number < 3 ? 12 : lastColumns
        let updates = makeUpdates(makeNormal(rows: 11, columns: columns, seed: UInt64(number)))
        let global = makeNormal(rows: 1, columns: columns, seed: 70 + UInt64(number))[0]
        let round = makeRound(
          number, global: number == without ? [] : global.map { Float($0) },
          root: updates.values.row(0))
        do {
          let result = try rule.aggregate(updates, in: round)
          #expect(result.update.count == columns)
        } catch {
          #expect(columns == 5)
          #expect("\(error)" == "\(id): remembers updates of 12 values, and gets some of 5")
        }
      }
    }
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
