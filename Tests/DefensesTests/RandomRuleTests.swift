import Components
import Defenses
import Determinism
import Federation
import Testing

@Suite struct RandomRuleTests {
  /// The known answers of `Tests/Reference/rules_random.py`.
  @Test func agreesWithReference() throws { try KnownRounds.check("random-rule.json") }

  private func rule(_ ids: [String], f: Int = 2, rows: Int = 11) throws -> any Aggregator {
    try makeRule(
      "random-rule", ["rules": .list(ids.map { .text($0) }), "f": .integer(f)], rows: rows)
  }

  private let updates = makeUpdates(makeNormal(rows: 11, columns: 6, seed: 41))

  @Test func answersAsTheDrawnRule() throws {
    let ids = ["krum", "median", "bulyan", "geometric-median"]
    var random = try rule(ids)
    var seen: Set<String> = []
    for number in 0..<20 {
      let result = try random.aggregate(updates, in: makeRound(number))
      guard case .text(let id)? = result.report["rule"] else { throw DefenseError.noRows }
      let own = try run(makeRule(id, rows: 11, plan: plan), on: updates)
      #expect(result.update == own.update && result.verdicts == own.verdicts)
      #expect(result.report["selected"] == own.report["selected"])
      seen.insert(id)
    }
    #expect(seen == Set(ids))
  }

  @Test func whoRehearsesDrawsAnotherRule() throws {
    // An attacker has the copy of the rule, with a stream of its own.
    let random = try rule(["mean", "median"])
    let rounds = try (0..<40).map { number in
      var (server, attacker) = (random, random)
      let round = makeRound(number)
      let own = round.with(seed: round.seed.child("attack"))
      let reports = try [
        server.aggregate(updates, in: round), attacker.aggregate(updates, in: own),
      ].map(\.report)
      return reports[0]["drawn"] == reports[1]["drawn"]
    }
    #expect((8...32).contains(rounds.count { $0 }))
  }

  @Test func eachRuleKeepsTheMemoryOfItsRounds() throws {
    var random = try rule(["centered-clipping", "mean"])
    var alone = try makeRule("centered-clipping", rows: 11)
    var remembered = 0
    for number in 0..<12 {
      let rows = makeUpdates(makeNormal(rows: 11, columns: 6, seed: UInt64(50 + number)))
      let result = try random.aggregate(rows, in: makeRound(number))
      guard result.report["rule"] == .text("centered-clipping") else { continue }
      #expect(try result.update == alone.aggregate(rows, in: makeRound(number)).update)
      remembered += 1
    }
    #expect(remembered > 1 && remembered < 12)
  }

  @Test func allProblemsAreReported() {
    let error = #expect(throws: ConfigurationError.self) {
      try rule(["krum", "medain", "random-rule", "fltrust", "bulyan"], rows: 6)
    }
    #expect(
      error?.description == """
        random-rule: krum needs n >= 2f + 3 = 7 submissions for f = 2, got 6
        unknown rule to draw 'medain'; did you mean 'median'?
        random-rule: random-rule cannot draw itself
        random-rule: fltrust needs root-data, which cannot be had for a rule that is drawn
        random-rule: bulyan needs n >= 4f + 3 = 11 submissions for f = 2, got 6
        """)
    #expect(error?.isInfeasibility == false)
  }

  /// A rule to draw has a default for every parameter but f.
  @Test func everyRuleWithoutNeedsCanBeDrawn() throws {
    for entry in builtInAggregators
    where entry.needs.isEmpty && entry.manifest.id != "random-rule" {
      let id = entry.manifest.id.rawValue
      let result = try run(rule([id]), on: updates)
      #expect(result.report["rule"] == .text(id))
    }
  }

  @Test func memoryIsThatOfTheLargest() throws {
    let catalog = makeCatalog()
    let bytes = try ["random-rule", "bulyan", "krum", "mda"].map {
      try catalog.aggregator(ComponentID($0)).workingBytes(1000, 1000)
    }
    #expect(bytes[0] >= bytes.max() ?? .infinity)
  }
}
