import Components
import Defenses
import Federation
import Tensors
import Testing

@Suite struct FedSECATests {
  /// The known answers of `Tests/Reference/rules_fedseca.py`.
  @Test func agreesWithReference() throws { try KnownCase.check("fedseca.json") }

  private func run(_ rows: [[Double]], sparsity: Double) throws -> Aggregation {
    try DefensesTests.run(
      makeRule("fedseca", ["sparsity": .real(sparsity)], rows: rows.count), on: makeUpdates(rows))
  }

  /// A library that takes the lower of two medians shortens both to 1 and answers 1.
  @Test func mediansOfAnEvenNumberLieBetweenTheMiddleTwo() throws {
    // The median norm is 2, so the rows are 1 and 2; their median is 1.5, so they count 1 and 1.5.
    let result = try run([[1], [3]], sparsity: 0)
    #expect(result.update == [1.25])
    #expect(result.report["bound"] == .number(2))
  }

  /// A library that leaves out what equals the quantile moves nothing here.
  @Test func equalMagnitudesAreAllKept() throws {
    let result = try run([[1, -1, 1], [1, -1, 1], [-1, -1, 1]], sparsity: 0.9)
    #expect(result.update == [1, -1, 1])
  }

  /// A library that averages all rows where the election is tied moves such a coordinate.
  @Test func tiedElectionsMoveNothing() throws {
    let result = try run([[1, 1, 1], [3, 1, -2], [2, 2, 0]], sparsity: 0)
    #expect(result.update[2] == 0 && result.update[0] > 0)
  }

  @Test func whoDisagreesWithMostHasNoVote() throws {
    // Two of five point elsewhere: they agree with two rows and disagree with three.
    let honest = [1.0, 1, 1, 1]
    let turned = [-9.0, -9, -9, 1]
    let result = try run([honest, honest, honest, turned, turned], sparsity: 0)
    // In the last coordinate the turned rows, shortened, are averaged with the others.
    #expect(result.update.prefix(3) == [1, 1, 1])
    #expect(result.update[3] > 0.5 && result.update[3] < 1)
    let suspicion = result.verdicts.compactMap(\.suspicion)
    #expect(agree(suspicion, [0.8, 0.8, 0.8, 1, 1], tolerance: 1e-15))
    #expect(result.verdicts.map(\.weight).reduce(0, +) == 1)
    #expect(result.verdicts.allSatisfy { $0.disposition == .notJudged })
  }

  @Test func blocksOfColumnsChangeNothing() throws {
    let rows = makeNormal(rows: 6, columns: 9001, seed: 31)
    let whole = try run(rows, sparsity: 0)
    // Columns of zeros change nothing but where blocks end.
    let moved = try run(rows.map { [0, 0, 0] + $0 }, sparsity: 0)
    #expect(agree(Array(moved.update.dropFirst(3)), whole.update.map { Double($0) }))
  }
}
