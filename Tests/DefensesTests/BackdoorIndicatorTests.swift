import Components
import Datasets
import Defenses
import Federation
import Tensors
import Testing
import Training

/// The known answers of `Tests/Reference/rules_backdoor_indicator.py`.
private struct IndicatorCase: Decodable, Sendable {
  struct Settings: Decodable, Sendable {
    var threshold: Double
    var epochs: Int
    var lr: Double
    var momentum: Double
    var decay: Double
    var batch: Int
    var mu: Double
    var proximity: String
    var labels: String
  }
  struct Round: Decodable, Sendable {
    var global: [Double]
    var rows: FixtureMatrix
    var update: [Double]
    var rejected: [Int]
    var suspicion: [Double]?
    var planted: Double
  }

  var name: String
  var sizes: [Int]
  var settings: Settings
  var examples: [[Double]]
  var rounds: [Round]

  var arguments: [String: ArgumentValue] {
    [
      "threshold": .real(settings.threshold), "epochs": .integer(settings.epochs),
      "lr": .real(settings.lr), "momentum": .real(settings.momentum),
      "weight-decay": .real(settings.decay), "batch-size": .integer(settings.batch),
      "mu": .real(settings.mu), "proximity": .text(settings.proximity),
      "labels": .text(settings.labels),
    ]
  }

  func makeRule(_ changes: [String: ArgumentValue] = [:]) throws -> any Aggregator {
    let classes = sizes[sizes.count - 1]
    let model = Sequential.perceptron(
      inputs: sizes[0], hidden: Array(sizes.dropFirst().dropLast()), classes: classes,
      initialization: .he)
    // Its own labels are not looked at.
    let examples = Shard(
      inputs: Matrix(rows: examples.map { $0.map { Float($0) } }),
      labels: .init(repeating: 0, count: examples.count), classCount: 7, shape: .vector(sizes[0]))
    let entry = try makeCatalog().aggregator("backdoor-indicator")
    return try entry.make(
      Arguments(arguments.merging(changes) { $1 }, for: entry.manifest),
      DefenseSetup(
        participantCount: rounds[0].rows.rows.count, layout: model.layout, model: model,
        outOfDistributionData: examples))
  }

  /// The global model of a round in single precision.
  func global(_ round: Int) -> [Float] { rounds[round].global.map { Float($0) } }
}

@Suite struct BackdoorIndicatorTests {
  private let cases: [IndicatorCase]

  init() throws { cases = try FixtureFile<IndicatorCase>.load("backdoor_indicator.json").cases }

  @Test func agreesWithReference() throws {
    #expect(!cases.isEmpty)
    for known in cases {
      var rule = try known.makeRule()
      for (number, expected) in known.rounds.enumerated() {
        let result = try rule.aggregate(
          makeUpdates(expected.rows.rows), in: makeRound(number, global: known.global(number)))
        let name = "\(known.name), round \(number)"
        // Up to 2,400 steps in single precision.
        #expect(agree(result.update, expected.update, tolerance: 1e-5), "\(name)")
        let verdicts = result.verdicts
        #expect(verdicts.map(\.suspicion).allSatisfy { ($0 == nil) == (number == 0) }, "\(name)")
        #expect(verdicts.compactMap(\.suspicion) == expected.suspicion ?? [], "\(name)")
        let rejected = verdicts.indices.filter { verdicts[$0].disposition == .rejected }
        #expect(rejected == expected.rejected, "\(name)")
        let share = 1 / Double(verdicts.count - rejected.count)
        for (row, verdict) in verdicts.enumerated() {
          #expect(verdict.weight == (rejected.contains(row) ? 0 : share), "\(name)")
        }
        #expect(result.report["planted"] == .number(expected.planted), "\(name)")
        #expect(
          result.report["accepted"] == .number(Double(verdicts.count - rejected.count)), "\(name)")
      }
    }
  }

  @Test func judgesNobodyAgainWherePlantingDiverges() throws {
    let known = cases[0]
    var rule = try known.makeRule(["lr": .real(1e38), "mu": .real(0)])
    let rows = known.rounds[0].rows.rows
    for number in 0..<2 {
      let result = try rule.aggregate(
        makeUpdates(rows), in: makeRound(number, global: .init(repeating: 0, count: rows[0].count)))
      let mean = rows[0].indices.map { column in
        rows.reduce(0) { $0 + $1[column] } / Double(rows.count)
      }
      #expect(agree(result.update, mean))
      #expect(result.verdicts.allSatisfy { $0.disposition == .accepted && $0.suspicion == nil })
    }
  }

  /// Scores that are not finite are no prediction, rather than that of class 0.
  @Test func aModelWhoseScoresOverflowKnowsNothing() throws {
    let known = cases[0]
    var rule = try known.makeRule()
    var rows = known.rounds[1].rows.rows
    rows[0] = .init(repeating: 3e38, count: rows[0].count)
    _ = try rule.aggregate(
      makeUpdates(known.rounds[0].rows.rows), in: makeRound(0, global: known.global(0)))
    let result = try rule.aggregate(makeUpdates(rows), in: makeRound(1, global: known.global(1)))
    #expect(result.verdicts[0].suspicion == 0 && result.verdicts[0].disposition == .accepted)
  }

  @Test func aModelThatDoesNotMoveIsRejected() throws {
    let known = cases[0]
    var rule = try known.makeRule()
    let count = known.rounds[0].global.count
    let still = [[Double]](repeating: .init(repeating: 0, count: count), count: 3)
    let first = try rule.aggregate(
      makeUpdates(still), in: makeRound(0, global: known.global(0)))
    #expect(first.verdicts.allSatisfy { $0.weight == 1 / 3.0 })
    let planted = zip(known.global(0), first.update).map { $0 + $1 }
    let second = try rule.aggregate(makeUpdates(still), in: makeRound(1, global: planted))
    #expect(second.verdicts.allSatisfy { $0.disposition == .rejected && $0.suspicion == 1 })
    #expect(second.update.allSatisfy(\.isFinite) && second.report["accepted"] == .number(0))
  }

  @Test func needsModelAndExamples() throws {
    let entry = try makeCatalog().aggregator("backdoor-indicator")
    #expect(entry.needs == [.outOfDistributionData, .model])
    let arguments = try Arguments([:], for: entry.manifest)
    var bare = try entry.make(arguments, DefenseSetup(participantCount: 2))
    #expect(throws: DefenseError.self) {
      try bare.aggregate(makeUpdates([[1, 2], [3, 4]]), in: makeRound(global: [0, 0]))
    }
  }
}
