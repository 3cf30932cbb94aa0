import Components
import Defenses
import Federation
import Testing

@Suite struct ClusteringTests {
  /// The known answers of `Tests/Reference/rules_clustering.py`.
  @Test func agreesWithReference() throws { try KnownCase.check("clustering.json") }

  private func rejected(
    _ rows: [[Double]], _ given: [String: ArgumentValue] = [:]
  ) throws -> [Int] {
    let result = try run(
      makeRule("clustering", given, rows: rows.count), on: makeUpdates(rows))
    return result.verdicts.indices.filter { result.verdicts[$0].disposition == .rejected }
  }

  /// The authors' code and Blades merge by complete linkage, whose split has a larger cosine across.
  @Test func theSplitHasTheLeastCosineAcross() throws {
    // At 0, 30, 60, 90 and 121 degrees.
    let rows = [[1, 0], [0.866, 0.5], [0.5, 0.866], [0, 1], [-0.515, 0.857]]
    func largestCosine(_ linkage: String) throws -> Double {
      let result = try run(
        makeRule("clustering", ["linkage": .text(linkage)], rows: 5), on: makeUpdates(rows))
      guard case .number(let separation)? = result.report["separation"] else { return 1 }
      return 1 - 2 * separation * separation
    }
    #expect(try largestCosine("single") < largestCosine("complete") - 0.005)
    #expect(try rejected(rows) == [4])
    #expect(try rejected(rows, ["linkage": .text("complete")]) != [4])
  }

  @Test func parallelRowsAreNotSplit() throws {
    for rows in [
      [[1, 2], [1, 2], [1, 2]], [[1, 3], [3, 9], [10, 30], [0.001, 0.003]],
      [[0.1, 0.7, 0.3], [300, 2100, 900], [7, 49, 21]], [[1, 2]],
    ] as [[[Double]]] {
      #expect(try rejected(rows).isEmpty)
    }
    // No row is longer than 0.
    #expect(try rejected([[0, 0], [0, 0], [0, 0]]).isEmpty)
    #expect(try rejected([[], [], []]).isEmpty)
  }

  @Test func tiesGoToTheLowestRow() throws {
    // Equally large.
    #expect(try rejected([[1, 0], [0, 1], [1, 0.125], [0.125, 1]]) == [1, 3])
    // At right angles: rows 0 and 1 merge first, and the last one is left out.
    #expect(try rejected([[1, 0, 0], [0, 1, 0], [0, 0, 1]]) == [2])
  }
}
