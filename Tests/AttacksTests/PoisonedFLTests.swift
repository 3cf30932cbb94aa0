import Components
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@testable import Attacks

@Suite struct PoisonedFLTests {
  struct Run: Decodable, Sendable, CustomTestStringConvertible {
    var name: String
    var arguments: [String: KnownCraft.Value]
    var models: [[Double]]
    var acts: [Bool]
    var rows: [[Double]]
    var c: [Double]

    var testDescription: String { name }

    /// What is sent and recorded in each round in which the attackers act.
    func played() throws -> [(round: Int, rows: Matrix<Float>, record: [String: Double])] {
      var attack = try make(PoisonedFL.self, arguments.mapValues(\.argument))
      var sent: [(round: Int, rows: Matrix<Float>, record: [String: Double])] = []
      for (round, model) in models.enumerated() {
        let global = model.map { Float($0) }
        attack.observe(Broadcast(round: round, global: global, isActing: acts[round]))
        guard acts[round] else { continue }
        var rows = Matrix<Float>(rowCount: 2, columnCount: model.count)
        var random = SeedPath(root: 9).stream()
        let view = AttackerView(
          round: round, global: global, clients: [ClientID(0), ClientID(1)], participantCount: 8,
          weightShare: 0.25, honest: nil)
        let record = attack.craft(&rows, view, random: &random)
        sent.append((round, rows, record))
      }
      return sent
    }
  }

  struct Fixture: Decodable {
    var runs: [Run]
    var tails: [[Double]]

    static func load(file: String = #filePath) throws -> Self {
      try decode("poisoned-fl.json", beside: file)
    }
  }

  @Test(arguments: try Fixture.load().runs)
  func matchesReference(run: Run) throws {
    for (round, rows, record) in try run.played() {
      let largest = run.rows[round].map(abs).max() ?? 0
      for row in 0..<2 {
        let worst = zip(rows.row(row), run.rows[round]).map { abs(Double($0) - $1) }.max() ?? 0
        #expect(worst <= 1e-6 * largest, "\(run.name), round \(round): off by \(worst)")
      }
      #expect(abs((record["c"] ?? .nan) - run.c[round]) < 1e-12)
    }
  }

  @Test(arguments: try Fixture.load().runs)
  func theDirectionStaysTheSame(run: Run) throws {
    let sent = try run.played().filter { $0.rows.row(0).contains { $0 != 0 } }
    let first = try #require(sent.first).rows.row(0)
    for (_, rows, _) in sent {
      #expect(rows.row(0) == rows.row(1))
      #expect(zip(rows.row(0), first).allSatisfy { $0 * $1 >= 0 })
    }
    #expect(first.contains { $0 > 0 } && first.contains { $0 < 0 })
  }

  @Test func theRowIsCTimesTheLastChange() throws {
    let run = try #require(Fixture.load().runs.first)
    for (round, _, record) in try run.played() where round > 0 {
      let change = zip(run.models[round], run.models[round - 1]).map { $0 - $1 }
      let length = Double.squaredNorm(change.span).squareRoot()
      #expect(abs((record["length"] ?? 0) / length - (record["c"] ?? 0)) < 1e-5)
    }
  }

  @Test func withoutAChangeZerosAreSent() throws {
    let attack = try make(PoisonedFL.self)
    let (rows, record) = attack.crafted(matrix([[1, 2], [3, 4]]), view: makeView(2))
    #expect(rows.values == [0, 0, 0, 0] && record == ["c": 8, "length": 0])
    var still = attack
    for round in 0..<3 {
      still.observe(Broadcast(round: round, global: [1, 1], isActing: true))
    }
    #expect(still.crafted(matrix([[1, 2]]), view: makeView(1)).rows.values == [0, 0])
  }

  @Test func aModelThatStandsStillDoesNotFollow() throws {
    var attack = try make(PoisonedFL.self, ["test-every": .integer(1)])
    for round in 0..<3 { attack.observe(Broadcast(round: round, global: [1, 1], isActing: true)) }
    #expect(attack.crafted(matrix([[1, 2]]), view: makeView(1)).record["c"] == 8 * 0.7 * 0.7)
  }

  @Test func tailsOfTheBinomialDistribution() throws {
    for tail in try Fixture.load().tails {
      let probability = FairCoins.probability(ofAtLeast: Int(tail[0]), of: Int(tail[1]))
      #expect(abs(probability - tail[2]) <= 1e-9 * tail[2], "\(tail)")
    }
    #expect(FairCoins.probability(ofAtLeast: 8, of: 7) == 0)
    #expect(FairCoins.probability(ofAtLeast: -1, of: 7) == 1)
  }

  @Test func itNeedsNothingButTheModels() throws {
    let model = try make(PoisonedFL.self).threatModel
    #expect(model.knowledge == .ownClients && model.surface == .update)
    #expect(PoisonedFL.tier == .fakeClient)
    // What clients trained, and honest rows, change nothing.
    let run = try #require(Fixture.load().runs.first)
    var attack = try make(PoisonedFL.self)
    for (round, model) in run.models.enumerated() {
      attack.observe(
        Broadcast(round: round, global: model.map { Float($0) }, isActing: true))
    }
    let width = run.models[0].count
    let own = Matrix<Float>(
      rowCount: 1, columnCount: width, values: .init(repeating: 3, count: width))
    let zero = Matrix<Float>(rowCount: 1, columnCount: width)
    #expect(
      attack.crafted(own, view: makeView(1, honest: HonestUpdates(own))).rows
        == attack.crafted(zero, view: makeView(1)).rows)
    #expect(throws: ConfigurationError.self) { try make(PoisonedFL.self, ["c": .real(0)]) }
  }
}
