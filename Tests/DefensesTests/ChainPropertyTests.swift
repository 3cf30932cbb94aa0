import Components
import Defenses
import Federation
import Tensors
import Testing

/// Every two stages in a row, in front of some rules.
@Suite struct ChainPropertyTests {
  static let stages = builtInStages.map(\.manifest.id.rawValue)
  static let rules = [
    "mean", "trimmed-mean", "median", "krum", "cge", "geometric-median", "centered-clipping",
    "sign-guard", "fedseca",
  ]

  /// Builds stages and a rule for the rows that reach each of them.
  static func chain(
    _ stages: [String], _ rule: String, rows: Int, f: Int
  ) throws -> DefensePipeline {
    let catalog = makeCatalog()
    let plan: [PlanFact: ArgumentValue] = [.declaredByzantine: .integer(f)]
    let given: [String: [String: ArgumentValue]] = ["clipping": ["bound": .real(3)]]
    var made: [any PreAggregator] = []
    var setup = DefenseSetup(participantCount: rows)
    for id in stages {
      let entry = try catalog.stage(ComponentID(id))
      let stage = try entry.make(
        Arguments(given[id] ?? [:], for: entry.manifest, plan: plan), setup)
      setup = setup.after(stage)
      made.append(stage)
    }
    let entry = try catalog.aggregator(ComponentID(rule))
    return DefensePipeline(
      stages: made, rule: try entry.make(Arguments([:], for: entry.manifest, plan: plan), setup))
  }

  static func check(
    _ outcome: DefensePipeline.Outcome, of rows: Int, columns: Int, _ name: Comment
  ) {
    #expect(outcome.update.count == columns && outcome.update.allSatisfy(\.isFinite), name)
    #expect(outcome.verdicts.keys.map(\.index).sorted() == Array(0..<rows), name)
    let verdicts = outcome.verdicts.sorted { $0.key < $1.key }.map(\.value)
    #expect(verdicts.allSatisfy { $0.weight >= 0 && $0.weight <= 1 + 1e-12 }, name)
    #expect(verdicts.map(\.weight).reduce(0, +) <= 1 + 1e-9, name)
    #expect(verdicts.allSatisfy { $0.suspicion?.isNaN != true }, name)
    #expect(verdicts.allSatisfy { $0.disposition != .rejected || $0.weight == 0 }, name)
  }

  @Test(arguments: stages, stages)
  func sameBitsForAnyNumberOfThreads(first: String, second: String) throws {
    // Two rounds of 26 rows, of which at least seven come out of both; more columns than a piece.
    let rounds = (0..<2).map { makeUpdates(makeNormal(rows: 26, columns: 4500, seed: 63 + $0)) }
    for rule in Self.rules {
      let made = try Self.chain([first, second], rule, rows: 26, f: 2)
      let outcomes = try [1, 2, 5].map { width in
        var chain = made
        return try rounds.enumerated().map { number, round in
          var updates = round
          return try chain.aggregate(&updates, in: makeRound(number, width: width))
        }
      }
      for (number, one) in outcomes[0].enumerated() {
        Self.check(one, of: 26, columns: 4500, "\(rule), round \(number)")
        for several in outcomes.dropFirst().map({ $0[number] }) {
          #expect(several.update.map(\.bitPattern) == one.update.map(\.bitPattern), "\(rule)")
          #expect(several.verdicts == one.verdicts && several.report == one.report, "\(rule)")
        }
      }
    }
  }

  @Test(arguments: stages, stages)
  func everyMatrixIsAnswered(first: String, second: String) throws {
    for (rule, f) in Self.rules.flatMap({ [($0, 0), ($0, 2)] }) {
      let made = try Self.chain([first, second], rule, rows: 26, f: f)
      for matrix in DegenerateMatrix.all {
        var chain = made
        for number in 0..<2 {
          var updates = matrix.updates
          let outcome = try chain.aggregate(&updates, in: makeRound(number))
          Self.check(
            outcome, of: matrix.rows.count, columns: 12, "\(rule), f = \(f), \(matrix.name)")
        }
      }
    }
  }

  @Test(arguments: stages, stages)
  func whatReachesARuleHasToBeEnough(first: String, second: String) {
    for rows in 1...28 {
      // Stages leave no more rows than reach them and ask for fewer than Krum's 2f + 3 = 7.
      let left = [first, second].reduce(rows) { $1 == "bucketing" ? ($0 + 1) / 2 : $0 }
      if left >= 7 {
        #expect(throws: Never.self) { try Self.chain([first, second], "krum", rows: rows, f: 2) }
      } else {
        let error = #expect(throws: ConfigurationError.self, "\(rows)") {
          try Self.chain([first, second], "krum", rows: rows, f: 2)
        }
        #expect(error?.isInfeasibility == true)
      }
    }
  }
}
