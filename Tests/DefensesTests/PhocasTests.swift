import Components
import Defenses
import Federation
import Testing

@Suite struct PhocasTests {
  @Test func agreesWithReference() throws {
    try KnownRounds.check("phocas.json")
  }

  @Test func infeasibilityNamesTheNumbers() {
    let error = #expect(throws: ConfigurationError.self) {
      _ = try makeRule("phocas", ["f": .integer(2)], rows: 4)
    }
    #expect(
      error?.description == "phocas: needs n >= 2f + 1 = 5 submissions for f = 2, got 4")
  }

  @Test func itIsTheTrimmedMeanThatCounts() throws {
    // By hand: of 0, 4, 4, 9, 10 it is 17/3, from which 0 is the farthest; from the median it were 10.
    let rows: [[Double]] = [[0], [4], [4], [9], [10]]
    let rule = try makeRule("phocas", ["f": .integer(1)], rows: 5)
    let result = try run(rule, on: makeUpdates(rows))
    #expect(result.update == [6.75])
    #expect(result.verdicts.map(\.weight) == [0, 0.25, 0.25, 0.25, 0.25])
    #expect(result.verdicts.allSatisfy { $0.disposition == .notJudged && $0.suspicion == nil })
    let meamed = try makeRule("meamed", ["f": .integer(1)], rows: 5)
    #expect(try run(meamed, on: makeUpdates(rows)).update == [4.25])
  }

  @Test func lowerOfTwoEquallyNearIsKept() throws {
    // By hand: the trimmed mean of 0, 2, 3, 4, 6 is 3; 0 and 6 are equally far.
    let rule = try makeRule("phocas", ["f": .integer(1)], rows: 5)
    let result = try run(rule, on: makeUpdates([[6], [3], [0], [2], [4]]))
    #expect(result.update == [2.25])
    #expect(result.verdicts.map(\.weight) == [0, 0.25, 0.25, 0.25, 0.25])
  }

  @Test func equalValuesAtTheCutShare() throws {
    // By hand: of 1, 1, 1, 2, 9 two go: the trimmed mean is 1, so 9 and 2 do.
    let rule = try makeRule("phocas", ["f": .integer(2)], rows: 5)
    let ends = try run(rule, on: makeUpdates([[9], [1], [1], [2], [1]]))
    #expect(ends.update == [1])
    #expect(ends.verdicts.map(\.weight) == [0, 1, 1, 0, 1].map { $0 / 3 })
    // Of 1, 3, 3, 3, 3 the 1 and one 3 go: three quarters of each 3 stay.
    let equal = try run(rule, on: makeUpdates([[3], [3], [1], [3], [3]]))
    #expect(equal.update == [3])
    #expect(equal.verdicts.map(\.weight) == [0.25, 0.25, 0, 0.25, 0.25])
  }

  @Test func fewerRowsLeaveOutFewer() throws {
    let rule = try makeRule("phocas", ["f": .integer(2)], rows: 5)
    // Of three rows one is left out: 9 is farther from 2 than 0.
    #expect(try run(rule, on: makeUpdates([[0], [2], [9]])).update == [1])
    #expect(try run(rule, on: makeUpdates([[7]])).update == [7])
  }
}
