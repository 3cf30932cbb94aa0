import Components
import Defenses
import Determinism
import Federation
import Tensors
import Testing

/// The known answers of `Tests/Reference/stages.py` for one stage: one matrix for each round.
struct KnownStage: Decodable, Sendable {
  struct Round: Decodable, Sendable {
    var rows: [[Double]]?
    var norms: [Double]?
    var weights: [Double]?
    var clients: [[Int]]?
  }

  struct Case: Decodable, Sendable {
    var name: String
    var arguments: [String: Argument]
    var samples: [Double]?
    var matrices: [FixtureMatrix]
    var expected: [Round]
  }

  struct Refused: Decodable, Sendable {
    var arguments: [String: Argument]
    var rows: Int
  }

  var stage: String
  var cases: [Case]
  var infeasible: [Refused]?

  /// Runs every case of a file, and refuses every pair that is listed as infeasible.
  static func check(_ name: String) throws {
    let file: KnownStage = try decodeFixture(name)
    #expect(!file.cases.isEmpty)
    for known in file.cases {
      var stage = try makeStage(
        file.stage, known.arguments.mapValues(\.value), rows: known.matrices[0].rows.count)
      for (number, (matrix, expected)) in zip(known.matrices, known.expected).enumerated() {
        var updates = makeUpdates(matrix.rows)
        if let samples = known.samples {
          updates.weights = samples.map { $0 / samples.reduce(0, +) }
        }
        let (before, given) = (updates, updates.values.values)
        try stage.transform(&updates, in: makeRound(number))
        expected.check(updates, from: before, "\(known.name), round \(number)")
        #expect(before.values.values == given, "\(known.name): the caller's rows stay")
      }
    }
    for known in file.infeasible ?? [] {
      let error = #expect(throws: ConfigurationError.self, "\(known)") {
        _ = try makeStage(file.stage, known.arguments.mapValues(\.value), rows: known.rows)
      }
      #expect(error?.isInfeasibility == true, "\(known)")
    }
  }
}

extension KnownStage.Round {
  func check(_ result: UpdateMatrix, from before: UpdateMatrix, _ name: String) {
    if let rows {
      #expect(agree(result.values.values, rows.flatMap { $0 }), "\(name)")
    }
    if let norms {
      let got = (0..<result.rowCount).map { result.values.norm(ofRow: $0) }
      #expect(agree(got, norms, tolerance: tolerance), "\(name)")
    }
    if let clients {
      #expect(result.provenance.map { $0.shares.map(\.client.index) } == clients, "\(name)")
      let parts = result.provenance.map { $0.shares.map(\.fraction) }
      #expect(parts == clients.map { .init(repeating: 1 / Double($0.count), count: $0.count) })
    } else {
      #expect(result.provenance == before.provenance, "\(name)")
    }
    #expect(agree(result.weights, weights ?? before.weights, tolerance: 1e-12), "\(name)")
  }
}

/// Builds a stage of the catalog by its id.
func makeStage(
  _ id: String, _ given: [String: ArgumentValue] = [:], rows: Int
) throws -> any PreAggregator {
  let entry = try makeCatalog().stage(ComponentID(id))
  return try entry.make(
    Arguments(given, for: entry.manifest), DefenseSetup(participantCount: rows))
}
