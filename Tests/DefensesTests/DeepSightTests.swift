import Components
import Determinism
import Federation
import Tensors
import Testing
import Training

@testable import Defenses

/// The known answers of `Tests/Reference/rules_deepsight.py`.
private struct DeepSightCase: Decodable, Sendable {
  var name: String
  var arguments: [String: Argument]
  /// The sizes of the layers, inputs first.
  var widths: [Int]
  var matrix: FixtureMatrix
  var global: [Double]
  var expected: KnownRound
  var exceedings: [Int]
  var shares: [[Double]]?
  var biases: [[Double]]?
  /// Sets × n × C.
  var differences: [[[Double]]]?

  var model: Sequential {
    Sequential.perceptron(
      inputs: widths[0], hidden: Array(widths.dropFirst().dropLast()), classes: widths.last ?? 0,
      initialization: .glorot)
  }

  var round: RoundContext { makeRound(global: global.map { Float($0) }) }

  func run() throws -> Aggregation {
    let model = model
    let setup = DefenseSetup(
      participantCount: matrix.rows.count, layout: model.layout, model: model)
    var rule = try DeepSight(
      Arguments(arguments.mapValues(\.value), for: DeepSight.manifest), setup: setup)
    return try rule.aggregate(makeUpdates(matrix.rows), in: round)
  }
}

@Suite struct DeepSightTests {
  private let cases: [DeepSightCase]

  init() throws {
    let file: FixtureFile<DeepSightCase> = try decodeFixture("deepsight.json")
    cases = file.cases
  }

  @Test func agreesWithReference() throws {
    #expect(!cases.isEmpty)
    for known in cases { known.expected.check(try known.run(), known.name) }
  }

  @Test func energiesAgreeWithReference() {
    for known in cases {
      let found = OutputLayerChanges(
        of: makeUpdates(known.matrix.rows).values, layout: known.model.layout,
        classCount: known.model.classCount)
      #expect(found.exceedings == known.exceedings, "\(known.name)")
      if let biases = known.biases { #expect(found.biases == biases, "\(known.name)") }
      for (got, want) in zip(found.energyShares, known.shares ?? []) {
        #expect(agree(got, want, tolerance: 1e-12, scale: 1), "\(known.name)")
      }
    }
  }

  /// Scores are single precision; quotients of probabilities, not of scores, so they average near 1.
  @Test func divisionDifferencesAgreeWithReference() {
    let shown = cases.filter { $0.differences != nil }
    #expect(!shown.isEmpty)
    for known in shown {
      let want = known.differences ?? []
      let found = DivisionDifferences(
        of: makeUpdates(known.matrix.rows).values, from: known.round.global, model: known.model,
        inputCount: samples(known), setCount: want.count, seed: known.round.seed,
        pool: WorkPool(width: 2))
      #expect(found.values.count == want.count)
      for (got, want) in zip(found.values.flatMap(\.self), want.flatMap(\.self)) {
        #expect(agree(got, want, tolerance: 1e-4), "\(known.name): \(got), not \(want)")
      }
    }
  }

  private func samples(_ known: DeepSightCase) -> Int {
    guard case .integer(let count)? = known.arguments["samples"]?.value else { return 0 }
    return count
  }

  /// Common code counts those that are *not* suspicious against the third, and so accepts the others.
  @Test func clustersWithoutASuspiciousRowAreAccepted() throws {
    for known in cases {
      for verdict in try known.run().verdicts {
        let share = verdict.suspicion ?? 1
        #expect((verdict.disposition == .rejected) == (share >= 1.0 / 3), "\(known.name)")
      }
    }
  }

  /// Common code fails, or divides by zero, where HDBSCAN finds nothing but noise.
  @Test func noiseOnlyIsNoTrouble() throws {
    let updates = makeUpdates(makeNormal(rows: 4, columns: 6, seed: 3))
    for noise in ["alone", "reject"] {
      let given: [String: ArgumentValue] = ["noise": .text(noise), "samples": .integer(100)]
      let result = try run(makeRule("deepsight", given, rows: 4, columns: 6), on: updates)
      let suspicions = result.verdicts.compactMap(\.suspicion)
      #expect(result.report["clusters"] == .number(0))
      if noise == "reject" {
        #expect(suspicions == [1, 1, 1, 1] && result.update == [0, 0, 0, 0, 0, 0])
      } else {
        #expect(suspicions.count == 4 && suspicions.allSatisfy { $0 == 0 || $0 == 1 })
        #expect(suspicions.contains(0) && result.update != [0, 0, 0, 0, 0, 0])
      }
    }
  }

  /// Parameters beyond the range of numbers have no finite scores.
  @Test func staysFiniteAtTheEndsOfItsInput() throws {
    let large = Double(Float.greatestFiniteMagnitude)
    let rows = (0..<6).map { row in (0..<6).map { $0 == row ? large : $0 % 2 == 0 ? -large : 1 } }
    let rule = try makeRule("deepsight", ["samples": .integer(50)], rows: 6, columns: 6)
    for global in [[0, 0, 0, 0, 0, 0], .init(repeating: Float(large), count: 6)] as [[Float]] {
      var rule = rule
      let result = try rule.aggregate(makeUpdates(rows), in: makeRound(global: global))
      #expect(result.update.allSatisfy { $0.isFinite })
    }
  }

  @Test func withoutAModelItSaysWhatItNeeds() throws {
    var rule = try DeepSight(
      Arguments([:], for: DeepSight.manifest), setup: DefenseSetup(participantCount: 2))
    let error = #expect(throws: DefenseError.self) {
      try rule.aggregate(makeUpdates([[1], [2]]), in: makeRound())
    }
    #expect(
      error?.description == "deepsight: needs the model of the updates; there is none here")
  }
}
