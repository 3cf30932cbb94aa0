import Components
import Defenses
import Federation
import Testing

/// The known answers of `Tests/Reference/rules_trust.py`.
private struct TrustCase: Decodable, Sendable {
  struct Expected: Decodable, Sendable {
    var update: [Double]
    var weights: [Double]
    var suspicion: [Double]
  }

  var name: String
  var matrix: FixtureMatrix
  var root: FixtureMatrix
  var expected: Expected
}

@Suite struct FLTrustTests {
  @Test func agreesWithReference() throws {
    let file: FixtureFile<TrustCase> = try decodeFixture("fltrust.json")
    #expect(!file.cases.isEmpty)
    for known in file.cases {
      let rows = known.matrix.rows
      let root = known.root.rows[0].map { Float($0) }
      let result = try run(
        makeRule("fltrust", rows: rows.count), on: makeUpdates(rows), root: root)
      let expected = known.expected
      #expect(agree(result.update, expected.update), "\(known.name)")
      #expect(
        agree(result.verdicts.map(\.weight), expected.weights, tolerance: 1e-12, scale: 1),
        "\(known.name)")
      #expect(
        agree(
          result.verdicts.compactMap(\.suspicion), expected.suspicion, tolerance: 1e-12, scale: 1),
        "\(known.name)")
    }
  }

  @Test func dispositionsFollowTheTrust() throws {
    // Cosines 1, 0.6, −1 and none.
    let updates = makeUpdates([[5, 0], [3, 4], [-1, 0], [0, 0]])
    let result = try run(makeRule("fltrust", rows: 4), on: updates, root: [2, 0])
    #expect(
      result.verdicts.map(\.disposition) == [.accepted, .accepted, .rejected, .rejected])
    #expect(
      agree(result.verdicts.map(\.weight), [0.625, 0.375, 0, 0], tolerance: 1e-15, scale: 1))
    #expect(result.report == ["root-norm": .number(2), "trusted": .number(2)])
    let equal = try run(
      makeRule("fltrust", rows: 49), on: makeUpdates(.init(repeating: [1, 3], count: 49)),
      root: [1, 1])
    #expect(equal.verdicts.allSatisfy { $0.disposition == .accepted })
    let unequal = try run(
      makeRule("fltrust", rows: 2), on: makeUpdates([[5, 0], [3, 4]]), root: [2, 0])
    #expect(unequal.verdicts.map(\.disposition) == [.accepted, .downweighted])
  }

  @Test func withoutAServerUpdateItSaysWhatItNeeds() throws {
    var rule = try makeRule("fltrust", rows: 2)
    let error = #expect(throws: DefenseError.self) {
      try rule.aggregate(makeUpdates([[1], [2]]), in: makeRound())
    }
    #expect(
      error?.description
        == "fltrust: needs the update that the server trains on its root data; there is none here")
  }

  @Test func needsRootDataAndDeclaresNobody() throws {
    let entry = try makeCatalog().aggregator("fltrust")
    #expect(entry.needs == [.rootData, .rootUpdate] && entry.traits.isEmpty)
  }
}
