import Components
import Federation
import Testing

@Suite struct AttackScheduleTests {
  /// The places that act in each round of a window.
  private func actors(
    _ schedule: any AttackSchedule, window: Range<Int>, count: Int = 3
  ) -> [[Int]] {
    window.map { round in
      (0..<count).filter {
        schedule.acts(place: $0, of: count, round: round, window: window)
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
    #expect(throws: ConfigurationError.self) { try make("rounds") }
    #expect(throws: ConfigurationError.self) { try make("rounds", ["rounds": .list([])]) }
    #expect(throws: ConfigurationError.self) { try make("every", ["k": .integer(0)]) }
  }
}
