import Components
import Defenses
import Federation
import Testing

@Suite struct WeightedMeanTests {
  @Test func agreesWithReference() throws { try KnownRounds.check("weighted-mean.json") }

  @Test func withoutACapItIsTheMean() throws {
    var updates = makeUpdates(makeNormal(rows: 7, columns: 5, seed: 1))
    updates.weights = [0.25, 0.25, 0.125, 0.125, 0.125, 0.0625, 0.0625]
    let (mean, weighted) = try (
      run(makeRule("mean", rows: 7), on: updates),
      run(makeRule("weighted-mean", rows: 7), on: updates)
    )
    #expect(weighted.update == mean.update && weighted.verdicts == mean.verdicts)
  }

  @Test func capOfAnEqualShareGivesThePlainAverage() throws {
    var updates = makeUpdates(makeNormal(rows: 6, columns: 5, seed: 2))
    let plain = try run(makeRule("mean", rows: 6), on: updates).update
    updates.weights = [0.5, 0.1, 0.1, 0.1, 0.1, 0.1]
    let rule = try makeRule("weighted-mean", ["cap": .real(0.01)], rows: 6)
    #expect(try run(rule, on: updates).update == plain)
  }

  @Test(arguments: [ArgumentValue.real(0), .real(1.5), .real(-1), .text("auto")])
  func capIsAShare(value: ArgumentValue) {
    let error = #expect(throws: ConfigurationError.self) {
      _ = try makeRule("weighted-mean", ["cap": value], rows: 5)
    }
    #expect(error?.isInfeasibility == false)
  }
}
