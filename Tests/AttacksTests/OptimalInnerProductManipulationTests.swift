import Attacks
import Components
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@Suite struct OptimalInnerProductManipulationTests {
  /// Crafts against the defense of a case; returns the rows, the record and the objective reached.
  private func crafted(
    _ known: CraftedFixtures.Search, _ defense: DefensePipeline
  ) throws -> (rows: Matrix<Float>, record: [String: Double], reached: Double) {
    let attack = try make(
      OptimalInnerProductManipulation.self, ["range": .real(known.range)])
    let view = makeView(
      known.attackers, honest: known.honestUpdates, probe: known.probe(of: defense))
    let own = Matrix<Float>(rowCount: known.attackers, columnCount: known.honest[0].count)
    let (rows, record) = attack.crafted(own, view: view)
    var probe = known.probe(of: defense)
    let reached = known.objective(record["tau"] ?? .nan, &probe) ?? .nan
    return (rows, record, reached)
  }

  @Test(arguments: try CraftedFixtures.load().searches)
  func reachesNearlyTheBest(known: CraftedFixtures.Search) throws {
    let (rows, record, reached) = try crafted(known, known.defense())
    let best = known.expected.best
    #expect(reached >= 0.999 * best, "\(known.name): \(reached) of \(best)")
    #expect(reached >= known.expected.unsearched * (1 - 1e-6))
    let tau = try #require(record["tau"])
    #expect(abs(tau) <= known.range)
    let evaluations = try #require(record["evaluations"])
    #expect(evaluations > 30 && evaluations <= 78)
    // Every attacker sends −τ μ.
    let mean = known.honestUpdates.mean(pool: WorkPool(width: 1)) ?? []
    for row in 0..<rows.rowCount { #expect(rows.row(row) == mean.map { Float(-tau * Double($0)) }) }
  }

  @Test(arguments: try CraftedFixtures.load().searches)
  func rehearsalsMatchReference(known: CraftedFixtures.Search) throws {
    var probe = known.probe(of: try known.defense())
    let mean = known.honestUpdates.mean(pool: WorkPool(width: 1)) ?? []
    let scale = Float.squaredNorm(mean.span).squareRoot()
    for sample in known.expected.samples {
      let value = try #require(known.objective(sample[0], &probe))
      #expect(
        abs(value - sample[1]) <= 1e-6 * max(sample[1], scale),
        "\(known.name) at \(sample[0]): \(value) against \(sample[1])")
    }
  }

  @Test func equalObjectivesGiveTheShortestRow() throws {
    let known = try #require(
      CraftedFixtures.load().searches.first { $0.name == "mean of zero 4+1 x2, krum" })
    #expect(try crafted(known, known.defense()).record["tau"] == 0)
  }

  @Test func theDefenseIsLeftAlone() throws {
    let known = try #require(
      CraftedFixtures.load().searches.first { $0.name == "normal 5+2 x5, krum" })
    var defense = try known.defense()
    var twin = defense
    let before = known.updates
    _ = try crafted(known, defense)
    let round = RoundContext(
      round: 0, global: [], seed: SeedPath(root: 2), pool: WorkPool(width: 1))
    var (first, second) = (before, known.updates)
    #expect(
      try defense.aggregate(&first, in: round).update == twin.aggregate(&second, in: round).update)
  }

  @Test func withoutARehearsalItIsTheNegativeMean() throws {
    let attack = try make(OptimalInnerProductManipulation.self)
    let view = makeView(2, honest: HonestUpdates(matrix([[1, 2], [3, 6]])))
    let (rows, record) = attack.crafted(matrix([[0, 0], [0, 0]]), view: view)
    #expect(rows.values == [-2, -4, -2, -4])
    #expect(record == ["tau": 1, "evaluations": 0])
  }

  @Test func withoutHonestRowsNothingChanges() throws {
    let attack = try make(OptimalInnerProductManipulation.self)
    let rows = matrix([[1, 2]])
    let (sent, record) = attack.crafted(rows, view: makeView(1))
    #expect(sent == rows && record.isEmpty)
  }

  @Test func knowledgeIsStated() throws {
    let model = try make(OptimalInnerProductManipulation.self).threatModel
    #expect(model.knowledge == .defense && model.surface == .update)
    #expect(throws: ConfigurationError.self) {
      try make(OptimalInnerProductManipulation.self, ["range": .real(0.5)])
    }
  }
}
