import Attacks
import Components
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@Suite struct OptimalALIETests {
  private struct File: Decodable {
    var searches: [CraftedFixtures.Search]
  }

  static func searches() throws -> [CraftedFixtures.Search] {
    let file: File = try decode("opt-alie.json", beside: #filePath)
    return file.searches
  }

  private func known(_ name: String) throws -> CraftedFixtures.Search {
    try #require(Self.searches().first { $0.name == name })
  }

  /// The row μ + z σ.
  private func row(_ z: Double, of known: CraftedFixtures.Search) throws -> [Float] {
    let attack = try make(
      ALIE.self, ["z": .real(abs(z)), "sign": .text(z < 0 ? "minus" : "plus")])
    let own = Matrix<Float>(rowCount: 1, columnCount: known.honest[0].count)
    return attack.crafted(own, view: makeView(1, honest: known.honestUpdates)).rows.row(0)
  }

  /// Crafts against the defense of a case; returns the rows, the record and the objective reached.
  private func crafted(
    _ known: CraftedFixtures.Search, _ defense: DefensePipeline
  ) throws -> (rows: Matrix<Float>, record: [String: Double], reached: Double) {
    let attack = try make(OptimalALIE.self, ["range": .real(known.range)])
    let view = makeView(
      known.attackers, honest: known.honestUpdates, probe: known.probe(of: defense))
    let own = Matrix<Float>(rowCount: known.attackers, columnCount: known.honest[0].count)
    let (rows, record) = attack.crafted(own, view: view)
    var probe = known.probe(of: defense)
    return (rows, record, known.objective(of: rows.row(0), &probe) ?? .nan)
  }

  @Test(arguments: try OptimalALIETests.searches())
  func reachesNearlyTheBest(known: CraftedFixtures.Search) throws {
    let (rows, record, reached) = try crafted(known, known.defense())
    let best = known.expected.best
    #expect(reached >= 0.999 * best, "\(known.name): \(reached) of \(best)")
    #expect(reached >= known.expected.unsearched * (1 - 1e-6))
    let z = try #require(record["z"])
    #expect(abs(z) <= known.range)
    let evaluations = try #require(record["evaluations"])
    #expect(evaluations >= 29 && evaluations <= 77)
    let expected = try row(z, of: known)
    for row in 0..<rows.rowCount { #expect(rows.row(row) == expected) }
  }

  @Test(arguments: try OptimalALIETests.searches())
  func rehearsalsMatchReference(known: CraftedFixtures.Search) throws {
    var probe = known.probe(of: try known.defense())
    let mean = known.honestUpdates.mean(pool: WorkPool(width: 1)) ?? []
    let scale = Float.squaredNorm(mean.span).squareRoot()
    for sample in known.expected.samples {
      let value = try #require(known.objective(of: try row(sample[0], of: known), &probe))
      #expect(
        abs(value - sample[1]) <= 1e-6 * max(sample[1], scale),
        "\(known.name) at \(sample[0]): \(value) against \(sample[1])")
    }
  }

  /// ByzFL's search takes no negative z.
  @Test func bothSignsAreFound() throws {
    let found = try Self.searches().map { known in
      try crafted(known, known.defense()).record["z"] ?? .nan
    }
    #expect(found.contains { $0 < 0 } && found.contains { $0 > 0 })
  }

  @Test func equalObjectivesGiveTheMean() throws {
    let known = try known("equal rows 4+1 x2, krum")
    let (rows, record, _) = try crafted(known, known.defense())
    #expect(record["z"] == 0 && rows.values == [1, -2])
  }

  @Test func theDefenseIsLeftAlone() throws {
    let known = try known("normal 8+2 x8, krum")
    var defense = try known.defense()
    var twin = defense
    _ = try crafted(known, defense)
    let round = RoundContext(
      round: 0, global: [], seed: SeedPath(root: 2), pool: WorkPool(width: 1))
    var (first, second) = (known.updates, known.updates)
    #expect(
      try defense.aggregate(&first, in: round).update == twin.aggregate(&second, in: round).update)
  }

  @Test func withoutARehearsalItIsALIE() throws {
    let honest = HonestUpdates(matrix([[1, 2], [3, 6], [5, 1]]))
    let view = makeView(3, participants: 8, honest: honest)
    let own = Matrix<Float>(rowCount: 3, columnCount: 2)
    let (rows, record) = try make(OptimalALIE.self).crafted(own, view: view)
    let (expected, alie) = try make(ALIE.self).crafted(own, view: view)
    let z = try #require(alie["z"])
    #expect(z > 0 && rows == expected && record == ["z": -z, "evaluations": 0])
  }

  @Test func withoutHonestRowsNothingChanges() throws {
    let rows = matrix([[1, 2]])
    let none = HonestUpdates(all: rows, rows: [], clients: [])
    for honest in [none, nil] {
      let (sent, record) = try make(OptimalALIE.self).crafted(
        rows, view: makeView(1, honest: honest))
      #expect(sent == rows && record.isEmpty)
    }
  }

  @Test func knowledgeIsStated() throws {
    let model = try make(OptimalALIE.self).threatModel
    #expect(model.knowledge == .defense && model.surface == .update)
    #expect(throws: ConfigurationError.self) { try make(OptimalALIE.self, ["range": .real(0)]) }
  }
}
