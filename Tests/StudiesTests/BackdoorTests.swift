import Results
import Studies
import Testing

@Suite struct BackdoorTests {
  /// Attacks `plant` and `graft` plant a backdoor under `a`, `flip` has its base rate under both.
  private func records(_ excess: Double = 0.05) -> [TrialRecordV1] {
    [("plant", 0.4), ("graft", excess), ("flip", 0.049)].flatMap { attack, excess in
      ["a", "b"].enumerated().flatMap { place, defense in
        [1, 2, 3].map { seed in
          Sample.trial(
            attack, defense, seed: seed, accuracy: 0.5,
            success: 0.1 * Double(seed * seed) * (place == 0 ? 1 : 0.5),
            metrics: ["asr.excess": place == 0 ? excess : 0])
        }
      }
    }
  }

  @Test func anAttackPlantsOneWhereSomeDefenseMeetsIt() {
    #expect(Sample.study(records()).backdoorAttacks == ["plant", "graft"])
    #expect(Sample.study(records(0.0499)).backdoorAttacks == ["plant"])
    let dead = Sample.trial(
      "x", "a", accuracy: 0.1, success: 1, metrics: ["asr.excess": 0.9, "accuracy.chance": 0.1])
    #expect(Sample.study([dead]).backdoorAttacks.isEmpty)
    #expect(Sample.study([Sample.trial("x", "a", success: 1)]).backdoorAttacks.isEmpty)
  }

  @Test func baseRatesAreNotRanked() throws {
    let study = Sample.study(records())
    let ranks = try study.ranks(by: "asr.stop").get()
    #expect(ranks.blockCount == 2 && ranks.attackCount == 2 && ranks.harmlessCount == 1)
    #expect(ranks.places.map(\.defense) == ["b", "a"] && !ranks.hasCombinations)
    #expect(try study.ranks().get().blockCount == 3)
    let none = Sample.study(records().filter { $0.attack == "flip" })
    guard case .failure(let problem) = none.ranks(by: "asr.stop") else {
      Issue.record("base rates were ranked")
      return
    }
    #expect(problem.reason.hasPrefix("no attack is known to plant a backdoor"))
  }

  @Test func baseRatesShowNoDifference() throws {
    let study = Sample.study(records())
    let found = try study.smallestDifference(in: "asr.stop").get()
    #expect(found.pairCount == 2 && found.attackCount == 2 && found.harmlessCount == 1)
    let none = Sample.study(records().filter { $0.attack == "flip" })
    guard case .failure(let unseen) = none.smallestDifference(in: "asr.stop") else {
      Issue.record("base rates were compared")
      return
    }
    #expect(unseen.reason.hasPrefix("no attack is known to plant a backdoor"))
  }
}
