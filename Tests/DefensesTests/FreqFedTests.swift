import Components
import Defenses
import Federation
import Tensors
import Testing

/// The known answers of `Tests/Reference/rules_freqfed.py`.
private struct FreqFedCase: Decodable, Sendable {
  var name: String
  var arguments: [String: Argument]
  var matrix: FixtureMatrix
  var global: [Double]
  /// The shapes of the tensors; none for one vector.
  var shapes: [[Int]]
  var expected: KnownRound
}

@Suite struct FreqFedTests {
  private func make(
    _ given: [String: ArgumentValue] = [:], rows: Int, shapes: [[Int]] = []
  ) throws -> any Aggregator {
    var start = 0
    let segments = shapes.map { shape in
      let size = shape.reduce(1, *)
      defer { start += size }
      return ParameterLayout.Segment(
        name: "tensor at \(start)", role: .weight, shape: shape, range: start..<start + size)
    }
    let entry = try makeCatalog().aggregator(ComponentID("freqfed"))
    return try entry.make(
      Arguments(given, for: entry.manifest),
      DefenseSetup(participantCount: rows, layout: ParameterLayout(segments)))
  }

  private func rejected(_ result: Aggregation) -> [Int] {
    result.verdicts.indices.filter { result.verdicts[$0].disposition == .rejected }
  }

  @Test func agreesWithReference() throws {
    let file: FixtureFile<FreqFedCase> = try decodeFixture("freqfed.json")
    #expect(!file.cases.isEmpty)
    for known in file.cases {
      var rule = try make(
        known.arguments.mapValues(\.value), rows: known.matrix.rows.count, shapes: known.shapes)
      let result = try rule.aggregate(
        makeUpdates(known.matrix.rows), in: makeRound(global: known.global.map { Float($0) }))
      var expected = known.expected
      // Coefficients are in single precision; the rest is compared as it is.
      let suspicion = result.verdicts.compactMap(\.suspicion)
      #expect(
        agree(suspicion, try #require(expected.suspicion), tolerance: 1e-6, scale: 1e-6),
        "\(known.name)")
      expected.suspicion = suspicion
      expected.check(result, known.name)
    }
  }

  /// Rows that differ in high frequencies alone are all the same.
  @Test func highFrequenciesDoNotCount() throws {
    // The last coefficient of eight values alternates, with a half cosine around it.
    let high: [Double] = [1, -3, 4, -5, 5, -4, 3, -1]
    let rows = (0..<5).map { row in
      high.map { 8 + Double(row) * $0 / 64 }
    }
    let result = try run(make(["low": .integer(0)], rows: 5), on: makeUpdates(rows))
    #expect(rejected(result).isEmpty)
    #expect(result.verdicts.allSatisfy { $0.suspicion ?? 1 < 1e-12 })
    let all = try run(make(["low": .integer(1)], rows: 5), on: makeUpdates(rows))
    #expect(all.verdicts.contains { $0.suspicion ?? 0 > 1e-4 })
  }

  /// Opposite updates of a large model are models of almost the same direction.
  @Test func modelsAreClusteredUnlessUpdatesAreAskedFor() throws {
    let rows: [[Double]] = [[1, 0], [-1, 0], [2, 0], [1, 6], [-2, -7]]
    func kept(_ global: [Float], _ of: String) throws -> [Int] {
      var rule = try make(["of": .text(of), "low": .integer(1)], rows: 5)
      let result = try rule.aggregate(makeUpdates(rows), in: makeRound(global: global))
      return rows.indices.filter { result.verdicts[$0].disposition != .rejected }
    }
    #expect(try kept([100, 0], "models") == [0, 1, 2])
    #expect(try kept([100, 0], "updates") == [0, 2, 3])
    #expect(try kept([], "models") == [0, 2, 3])
  }

  /// Common code averages nobody where HDBSCAN finds noise alone.
  @Test func neverIsNobodyAccepted() throws {
    for n in 1...12 {
      for size in [ArgumentValue.text("majority"), .integer(2), .integer(5)] {
        let rows = makeNormal(rows: n, columns: 3, seed: UInt64(n))
        let result = try run(make(["cluster-size": size], rows: n), on: makeUpdates(rows))
        #expect(rejected(result).count < n)
      }
    }
  }

  @Test func staysFiniteAtTheEndsOfItsInput() throws {
    let large = Double(Float.greatestFiniteMagnitude)
    let rows = [[large, large], [large, -large], [0, 0], [-large, large], [1e-30, large]]
    for global in [[], [1, 1], [Float(large), Float(-large)]] as [[Float]] {
      var rule = try make(rows: 5)
      let result = try rule.aggregate(makeUpdates(rows), in: makeRound(global: global))
      #expect(result.update.allSatisfy { $0.isFinite })
      #expect(result.verdicts.allSatisfy { $0.suspicion?.isFinite ?? false })
    }
  }
}
