import Components
import Determinism
import Federation
import Testing

@Suite struct AttackScheduleTests {
  /// The places that act in each round of a window.
  private func actors(
    _ schedule: any AttackSchedule, window: Range<Int>, count: Int = 3, seed: UInt64 = 1
  ) -> [[Int]] {
    window.map { round in
      (0..<count).filter {
        schedule.acts(
          place: $0, of: count, round: round, window: window, seed: SeedPath(root: seed))
      }
    }
  }

  private let all = [0, 1, 2]

  @Test func everyFewRoundsStartsWithTheWindow() {
    #expect(actors(EveryFewRounds(), window: 4..<7) == [all, all, all])
    #expect(actors(EveryFewRounds(k: 2), window: 5..<10) == [all, [], all, [], all])
    #expect(actors(EveryFewRounds(k: 9), window: 5..<10) == [all, [], [], [], []])
  }

  @Test func listedRoundsAreThose() {
    let schedule = ListedRounds([6, 4, 6])
    #expect(actors(schedule, window: 3..<8) == [[], all, [], all, []])
    #expect(schedule.problem(in: 3..<8) == nil)
    #expect(schedule.problem(in: 5..<8) == "round 4 lies outside the window 5 ..< 8")
    #expect(schedule.problem(in: 0..<6) == "round 6 lies outside the window 0 ..< 6")
  }

  @Test func oneAfterTheOther() {
    #expect(actors(InTurn(), window: 2..<7) == [[0], [1], [2], [], []])
    #expect(actors(InTurn(k: 2), window: 2..<7) == [[0], [], [1], [], [2]])
    #expect(actors(InTurn(repeats: true), window: 2..<7) == [[0], [1], [2], [0], [1]])
    #expect(
      actors(InTurn(k: 2, repeats: true), window: 0..<9, count: 2)
        == [[0], [], [1], [], [0], [], [1], [], [0]])
    #expect(InTurn().problem(in: 0..<1) == nil)
  }

  @Test func coinsHaveABinomialNumberOfHeads() {
    let schedule = RandomAttackers(probability: 0.3)
    var counts = [Int](repeating: 0, count: 6)
    var heads = [Int](repeating: 0, count: 5)
    for seed in 1...400 as ClosedRange<UInt64> {
      for acting in actors(schedule, window: 3..<13, count: 5, seed: seed) {
        counts[acting.count] += 1
        for place in acting { heads[place] += 1 }
      }
    }
    // C(5, k) 0.3^k 0.7^(5 - k) of 4,000 rounds.
    let expected = [0.16807, 0.36015, 0.3087, 0.1323, 0.02835, 0.00243].map { $0 * 4_000 }
    for (count, mean) in zip(counts, expected) {
      #expect(abs(Double(count) - mean) < 4 * mean.squareRoot() + 1, "\(counts)")
    }
    // Four deviations of a binomial with n = 4,000 and p = 0.3.
    #expect(heads.allSatisfy { abs($0 - 1_200) < 116 }, "\(heads)")
    #expect(actors(RandomAttackers(probability: 1), window: 0..<3) == [all, all, all])
  }

  @Test func aNumberOfAttackersIsDrawnWithoutReplacement() {
    var places = [Int](repeating: 0, count: 5)
    var pairs: Set<[Int]> = []
    for seed in 1...400 as ClosedRange<UInt64> {
      for acting in actors(RandomAttackers(count: 2), window: 0..<10, count: 5, seed: seed) {
        #expect(acting.count == 2)
        pairs.insert(acting)
        for place in acting { places[place] += 1 }
      }
    }
    #expect(pairs.count == 10)
    // Two of five in 4,000 rounds.
    #expect(places.allSatisfy { abs($0 - 1_600) < 124 }, "\(places)")
    for count in 3...4 {
      #expect(actors(RandomAttackers(count: count), window: 0..<2) == [all, all])
    }
    // Who is drawn is drawn among more as well.
    let two = actors(RandomAttackers(count: 2), window: 0..<10, count: 9)
    let four = actors(RandomAttackers(count: 4), window: 0..<10, count: 9)
    #expect(zip(two, four).allSatisfy { Set($0).isSubset(of: $1) })
  }

  @Test func drawsDependOnSeedRoundAndPlaceAlone() {
    for schedule in [RandomAttackers(probability: 0.5), RandomAttackers(count: 4)] {
      let acting = actors(schedule, window: 2..<12, count: 9)
      #expect(actors(schedule, window: 2..<12, count: 9) == acting)
      #expect(actors(schedule, window: 0..<12, count: 9).dropFirst(2).elementsEqual(acting))
      #expect(actors(schedule, window: 2..<12, count: 9, seed: 2) != acting)
      #expect(Set(acting).count > 1)
    }
    // A coin does not change with the number of attackers.
    let coins = RandomAttackers(probability: 0.5)
    let (few, many) = (
      actors(coins, window: 0..<12, count: 4), actors(coins, window: 0..<12, count: 9)
    )
    #expect(zip(few, many).allSatisfy { $0 == $1.filter { $0 < 4 } })
  }

  @Test func eitherAProbabilityOrANumberIsGiven() {
    #expect(RandomAttackers(count: 1).problem(in: 0..<3) == nil)
    #expect(RandomAttackers(probability: 0.1).problem(in: 0..<3) == nil)
    #expect(RandomAttackers().problem(in: 0..<3)?.contains("neither is given") == true)
    #expect(
      RandomAttackers(probability: 1, count: 1).problem(in: 0..<3)?.contains("not both") == true)
  }

  @Test func schedulesAreBuiltByName() throws {
    func make(
      _ id: ComponentID, _ given: [String: ArgumentValue] = [:]
    ) throws -> any AttackSchedule {
      let entry = try builtInAttackSchedules.entry(id, kind: "schedule")
      return entry.make(try Arguments(given, for: entry.manifest))
    }
    let window = 1..<5
    #expect(try actors(make("every", ["k": .integer(3)]), window: window) == [all, [], [], all])
    #expect(
      try actors(make("rounds", ["rounds": .list([.integer(2)])]), window: window)
        == [[], all, [], []])
    #expect(
      try actors(make("in-turn", ["repeat": .text("true")]), window: window)
        == [[0], [1], [2], [0]])
    #expect(try actors(make("in-turn"), window: window) == [[0], [1], [2], []])
    #expect(
      try actors(make("random", ["count": .integer(3)]), window: window) == [all, all, all, all])
    let coins = ["probability": ArgumentValue.real(0.4)]
    #expect(
      try actors(make("random", coins), window: window)
        == actors(RandomAttackers(probability: 0.4), window: window))
    #expect(throws: ConfigurationError.self) { try make("random", ["probability": .real(0)]) }
    #expect(throws: ConfigurationError.self) { try make("random", ["count": .integer(0)]) }
    #expect(throws: ConfigurationError.self) { try make("rounds") }
    #expect(throws: ConfigurationError.self) { try make("rounds", ["rounds": .list([])]) }
    #expect(throws: ConfigurationError.self) { try make("every", ["k": .integer(0)]) }
  }
}
