import Components
import Defenses
import Federation
import Testing

@Suite struct RobustLearningRateTests {
  @Test func agreesWithReference() throws { try KnownRounds.check("rlr.json") }

  @Test func infeasibilityNamesTheNumbers() {
    let error = #expect(throws: ConfigurationError.self) {
      _ = try makeRule("rlr", ["threshold": .integer(8)], rows: 7)
    }
    #expect(
      error?.description == "rlr: needs n >= 8 submissions for a threshold of 8, got 7")
  }

  @Test func automaticThresholdIsTheOneOfTheAuthors() throws {
    // Ten rows: four more of a sign are enough, two are not.
    let rows = (0..<10).map { [$0 < 7 ? 1.0 : -1, $0 < 6 ? 1.0 : -1] }
    let result = try run(makeRule("rlr", rows: 10), on: makeUpdates(rows))
    #expect(agree(result.update, [0.4, -0.2]))
    #expect(result.report == ["flipped": .number(1)])
  }

  @Test func fewerRowsNeedFewerVotes() throws {
    let rule = try makeRule("rlr", ["threshold": .integer(5)], rows: 7)
    #expect(try run(rule, on: makeUpdates([[2], [4]])).update == [3])
    #expect(try run(rule, on: makeUpdates([[2], [-4]])).update == [1])
  }

  @Test func turnedZerosArePositive() throws {
    let result = try run(makeRule("rlr", rows: 4), on: makeUpdates([[0], [0], [0], [0]]))
    #expect(result.update[0].sign == .plus)
  }
}
