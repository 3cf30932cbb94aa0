import Components
import Defenses
import Federation
import Tensors
import Testing

/// What a reference script expects of one round of a rule; absent is what it says nothing about.
struct KnownRound: Decodable, Sendable {
  var update: [Double]
  var weights: [Double]?
  var dispositions: [String]?
  /// `null` where the rule has no score.
  var suspicion: [Double]?
  var report: [String: Double]?
  var selected: [Int]?

  /// Compares a result; weights and scores are never rounded to single precision.
  ///
  /// Lengths that are differences of vectors are compared on the scale of those.
  func check(_ result: Aggregation, _ name: String) {
    let length = update.map(abs).reduce(1e-30, max)
    #expect(agree(result.update, update), "\(name)")
    let verdicts = result.verdicts
    if let weights {
      #expect(
        agree(verdicts.map(\.weight), weights, tolerance: 1e-9, scale: 1e-15), "\(name)")
    }
    if let dispositions {
      #expect(verdicts.map(\.disposition.rawValue) == dispositions, "\(name)")
    }
    #expect(verdicts.allSatisfy { ($0.suspicion == nil) == (suspicion == nil) }, "\(name)")
    if let suspicion {
      #expect(
        agree(verdicts.compactMap(\.suspicion), suspicion, tolerance: 1e-9, scale: length),
        "\(name)")
    }
    for (key, value) in report ?? [:] {
      guard case .number(let got)? = result.report[key] else {
        Issue.record("\(name): no number \(key)")
        continue
      }
      #expect(abs(got - value) <= 1e-9 * max(abs(value), length), "\(name): \(key) \(got)")
    }
    if let selected { #expect(result.report["selected"] == .rows(selected), "\(name)") }
  }
}

/// A file of known answers: a rule, its arguments, one matrix or one for each round, and what is
/// expected.
struct KnownRounds: Decodable, Sendable {
  struct Case: Decodable, Sendable {
    var name: String
    var rule: String
    var arguments: [String: Argument]
    /// Samples of the clients, which their weights follow.
    var samples: [Double]?
    var matrix: FixtureMatrix?
    var matrices: [FixtureMatrix]?
    var expected: OneOrMany<KnownRound>
  }

  var cases: [Case]
  var infeasible: [InfeasibleCase]?

  /// Runs every case of a file, and refuses every pair that is listed as infeasible.
  static func check(_ name: String) throws {
    let file: KnownRounds = try decodeFixture(name)
    #expect(!file.cases.isEmpty)
    for known in file.cases {
      let matrices = known.matrices ?? known.matrix.map { [$0] } ?? []
      #expect(matrices.count == known.expected.values.count && !matrices.isEmpty)
      var rule = try makeRule(
        known.rule, known.arguments.mapValues(\.value), rows: matrices[0].rows.count)
      for (number, (matrix, expected)) in zip(matrices, known.expected.values).enumerated() {
        var updates = makeUpdates(matrix.rows)
        if let samples = known.samples {
          let total = samples.reduce(0, +)
          updates.weights = samples.map { $0 / total }
        }
        let result = try rule.aggregate(updates, in: makeRound(number))
        expected.check(result, "\(known.name), round \(number)")
      }
    }
    for known in file.infeasible ?? [] {
      let error = #expect(throws: ConfigurationError.self, "\(known)") {
        _ = try makeRule(known.rule, known.arguments.mapValues(\.value), rows: known.rows)
      }
      #expect(error?.isInfeasibility == true, "\(known)")
    }
  }
}

/// A value, or a list of them.
struct OneOrMany<Value: Decodable & Sendable>: Decodable, Sendable {
  var values: [Value]

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let values = try? container.decode([Value].self) {
      self.values = values
    } else {
      values = [try container.decode(Value.self)]
    }
  }
}
