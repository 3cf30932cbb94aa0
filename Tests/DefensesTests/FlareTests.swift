import Components
import Datasets
import Defenses
import Federation
import Tensors
import Testing
import Training

/// The known answers of `Tests/Reference/rules_flare.py`.
private struct FlareCase: Decodable, Sendable {
  struct Expected: Decodable, Sendable {
    var update: [Double]
    var weights: [Double]
    var suspicion: [Double]
  }

  var name: String
  var arguments: [String: Argument]
  /// Of the inputs, the hidden layers and the scores.
  var widths: [Int]
  var matrix: FixtureMatrix
  var global: FixtureMatrix
  var data: FixtureMatrix
  var root: FixtureMatrix
  var expected: Expected
}

@Suite struct FlareTests {
  private func run(
    _ rows: [[Double]], widths: [Int], global: [Double], data: [[Double]], root: [Double]? = nil,
    _ given: [String: ArgumentValue] = [:]
  ) throws -> Aggregation {
    let model = Sequential.perceptron(
      inputs: widths[0], hidden: Array(widths.dropFirst().dropLast()),
      classes: widths[widths.count - 1], initialization: .he)
    let inputs = Matrix(rows: data.map { $0.map { Float($0) } })
    let shard = Shard(
      inputs: inputs, labels: .init(repeating: 0, count: data.count),
      classCount: model.classCount, shape: .vector(widths[0]))
    let entry = try makeCatalog().aggregator("flare")
    var rule = try entry.make(
      Arguments(given, for: entry.manifest),
      DefenseSetup(
        participantCount: rows.count, layout: model.layout, model: model, rootData: shard))
    return try rule.aggregate(
      makeUpdates(rows),
      in: makeRound(global: global.map { Float($0) }, root: root.map { $0.map { Float($0) } }))
  }

  @Test func agreesWithReference() throws {
    let file: FixtureFile<FlareCase> = try decodeFixture("flare.json")
    #expect(!file.cases.isEmpty)
    for known in file.cases {
      let result = try run(
        known.matrix.rows, widths: known.widths, global: known.global.rows[0],
        data: known.data.rows, root: known.root.rows[0], known.arguments.mapValues(\.value))
      let (expected, name): (_, Comment) = (known.expected, "\(known.name)")
      #expect(agree(result.update, expected.update), name)
      #expect(
        agree(result.verdicts.map(\.weight), expected.weights, tolerance: 1e-9, scale: 1), name)
      #expect(
        agree(
          result.verdicts.compactMap(\.suspicion), expected.suspicion, tolerance: 1e-9, scale: 1),
        name)
    }
  }

  private let widths = [3, 4, 2]
  private let global = makeNormal(rows: 1, columns: 26, seed: 31)[0]
  private let data = makeNormal(rows: 8, columns: 3, seed: 32)

  /// Estimates between equal models are below 0, and a row never votes for itself.
  ///
  /// The authors' code makes them 0 and then takes the first of equals for the row itself, so that a
  /// row may vote for itself and not for one like it.
  @Test func equalRowsHaveEqualTrustWhereverTheyAre() throws {
    let others = makeNormal(rows: 4, columns: 26, seed: 33)
    for places in [[0, 1, 2], [2, 4, 6], [4, 5, 6]] {
      var rows = others
      for place in places { rows.insert(others[0].map { $0 / 2 }, at: place) }
      let result = try run(rows, widths: widths, global: global, data: data)
      let weights = result.verdicts.map(\.weight)
      #expect(Set(places.map { weights[$0] }).count == 1)
      // Votes over their mean sum to the number of rows.
      let votes = result.verdicts.compactMap(\.suspicion).reduce(0, -)
      #expect(abs(votes - 7) < 1e-12)
    }
  }

  /// Models that differ in the last layer only have the same representation.
  @Test func theLastLayerIsNotLookedAt() throws {
    var rows = [[Double]](repeating: .init(repeating: 0.25, count: 26), count: 5)
    for column in 16..<26 { rows[3][column] = -9 }
    let result = try run(rows, widths: widths, global: global, data: data)
    #expect(result.verdicts.allSatisfy { $0 == Verdict(.accepted, weight: 0.2, suspicion: -1) })
  }

  @Test func aRepresentationThatIsNotFiniteIsFarthest() throws {
    var rows = makeNormal(rows: 6, columns: 26, seed: 34).map { $0.map { $0 / 8 } }
    rows[1] = .init(repeating: 3e38, count: 26)
    let result = try run(rows, widths: widths, global: global, data: data)
    #expect(!result.update.contains { !$0.isFinite })
    let weights = result.verdicts.map(\.weight)
    #expect(weights[1] == weights.min() && result.verdicts[1].suspicion == 0)
    #expect(result.verdicts[1].disposition == .downweighted)
  }

  @Test func oneExampleIsEnough() throws {
    let rows = makeNormal(rows: 5, columns: 26, seed: 35)
    let result = try run(rows, widths: widths, global: global, data: data, ["samples": .integer(1)])
    #expect(abs(result.verdicts.map(\.weight).reduce(0, +) - 1) < 1e-12)
  }

  @Test func withoutWhatItNeedsItSaysSo() throws {
    let entry = try makeCatalog().aggregator("flare")
    #expect(entry.needs == [.rootData, .rootUpdate, .model] && entry.traits.isEmpty)
    var rule = try entry.make(
      Arguments([:], for: entry.manifest), DefenseSetup(participantCount: 2))
    let error = #expect(throws: DefenseError.self) {
      try rule.aggregate(makeUpdates([[1], [2]]), in: makeRound())
    }
    #expect(
      error?.description == "flare: needs a model and root data of the server; there is none here")
  }

  private func run(
    _ rows: [[Double]], widths: [Int], global: [Double], data: [[Double]],
    _ given: [String: ArgumentValue]
  ) throws -> Aggregation {
    try run(rows, widths: widths, global: global, data: data, root: nil, given)
  }
}
