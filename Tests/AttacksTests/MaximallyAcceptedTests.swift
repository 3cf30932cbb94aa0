import Components
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@testable import Attacks

@Suite struct MaximallyAcceptedTests {
  private func given(_ known: KnownSearch) -> [String: ArgumentValue] {
    ["direction": .text(known.perturbation), "keep": .real(known.keep ?? 0.5)]
  }

  @Test(arguments: try KnownSearch.load("max-accepted.json"))
  func matchesReference(known: KnownSearch) throws {
    let record = try known.crafted(MaximallyAccepted.self, given(known))
    let gamma = try #require(record["gamma"])
    let expected = known.strength * known.unit
    #expect(abs(gamma - expected) <= 1e-5 * expected, "\(known.name): \(gamma) of \(expected)")
    #expect((record["evaluations"] ?? 0) <= 42)
  }

  @Test(arguments: try KnownSearch.load("max-accepted.json"))
  func aBitMoreIsNotAccepted(known: KnownSearch) throws {
    guard known.rule != "mean" else { return }
    let gamma = try #require(try known.crafted(MaximallyAccepted.self, given(known))["gamma"])
    func weight(_ gamma: Double) throws -> Double {
      var probe = known.probe(of: try known.defense())
      let crafted = matrix(.init(repeating: known.row(gamma), count: known.attackers))
      let answer = probe.respond(to: crafted)
      return try #require(answer).verdicts.reduce(0) { $0 + $1.weight }
    }
    #expect(try weight(gamma) > weight(gamma * 1.0001))
  }

  @Test func theDefenseIsLeftAlone() throws {
    let known = try #require(KnownSearch.load("max-accepted.json").last)
    var defense = try known.defense()
    var twin = defense
    let attack = try make(MaximallyAccepted.self)
    _ = attack.crafted(
      matrix(known.honest.prefix(known.attackers).map { $0 }),
      view: known.view(probe: known.probe(of: defense)))
    let round = RoundContext(
      round: 0, global: [], seed: SeedPath(root: 2), pool: WorkPool(width: 1))
    var (first, second) = (known.updates, known.updates)
    #expect(
      try defense.aggregate(&first, in: round).update == twin.aggregate(&second, in: round).update)
  }

  @Test func withoutARehearsalItGoesAsFarAsTheFarthestHonestRow() throws {
    for word in ["std", "unit", "sign"] {
      let attack = try make(MaximallyAccepted.self, ["direction": .text(word)])
      let view = makeView(1, honest: HonestUpdates(matrix([[1, 2], [3, 6], [2, 4]])))
      let (rows, record) = attack.crafted(matrix([[0, 0]]), view: view)
      let mean: [Float] = [2, 4]
      let sent = rows.row(0)
      #expect(abs(Float.squaredDistance(sent.span, mean.span) - 5) < 1e-5)
      #expect(record["evaluations"] == 0)
    }
  }

  @Test func withoutADirectionTheMeanIsSent() throws {
    let one = makeView(2, honest: HonestUpdates(matrix([[1, 2]])))
    let attack = try make(MaximallyAccepted.self)
    let (rows, record) = attack.crafted(matrix([[0, 0], [0, 0]]), view: one)
    #expect(rows.values == [1, 2, 1, 2] && record == ["gamma": 0, "evaluations": 0])
    let zero = makeView(1, honest: HonestUpdates(matrix([[1, -2], [-1, 2]])))
    for word in ["unit", "sign"] {
      let attack = try make(MaximallyAccepted.self, ["direction": .text(word)])
      #expect(attack.crafted(matrix([[5, 5]]), view: zero).rows.values == [0, 0])
    }
    // Equal rows: strength 1 is the length of the mean.
    let equal = makeView(1, honest: HonestUpdates(matrix([[3, 4], [3, 4]])))
    let against = try make(MaximallyAccepted.self, ["direction": .text("unit")])
    #expect(against.crafted(matrix([[0, 0]]), view: equal).record["gamma"] == 5)
  }

  @Test func withoutHonestRowsNothingChanges() throws {
    let attack = try make(MaximallyAccepted.self)
    let (sent, record) = attack.crafted(matrix([[1, 2]]), view: makeView(1))
    #expect(sent == matrix([[1, 2]]) && record.isEmpty)
  }

  @Test func knowledgeIsStated() throws {
    let model = try make(MaximallyAccepted.self).threatModel
    #expect(model.knowledge == .defense && model.surface == .update)
    for given in [["keep": 0], ["keep": 1.5], ["range": 0.5]] {
      #expect(throws: ConfigurationError.self) {
        try make(MaximallyAccepted.self, given.mapValues { ArgumentValue.real($0) })
      }
    }
  }

  @Test(arguments: [0.001, 0.3, 1, 7.7, 99.9])
  func theSearchFindsAnEdge(edge: Double) throws {
    var search = AcceptanceSearch { $0 <= edge ? 1 : 0 }
    let found = search.run(range: 100, keep: 1)
    let strength = try #require(found)
    #expect(strength <= edge && strength >= edge * (1 - 2e-6))
    #expect(search.rehearsalCount == 42)
  }

  @Test func endsOfTheSearch() {
    func run(_ keep: Double, _ accepts: @escaping (Double) -> Double?) -> Double? {
      var search = AcceptanceSearch(rehearse: accepts)
      return search.run(range: 100, keep: keep)
    }
    #expect(run(0.5) { _ in 1 } == 100)
    #expect(run(0.5) { _ in 0 } == nil)
    #expect(run(0.5) { _ in nil } == nil)
    #expect(run(0.5) { _ in .nan } == nil)
    #expect(run(1) { $0 == 0 ? 1 : 0.9 } == 0)
    #expect(run(0.5) { $0 <= 50 ? 1 : 0.5 } == 100)
    // Taken again far away, as a rule does that looks at directions alone.
    #expect((run(1) { $0 < 1 || $0 > 60 ? 1 : 0 }) == 100)
  }
}
