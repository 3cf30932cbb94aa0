import Components
import Defenses
import Federation
import Tensors
import Testing

/// The known answers of `Tests/Reference/rules_bulyan.py`.
private struct BulyanCase: Decodable, Sendable {
  struct Expected: Decodable, Sendable {
    var selected: [Int]
    var update: [Double]
    var shares: [Double]
  }

  var name: String
  var arguments: [String: Argument]
  var matrix: FixtureMatrix
  var expected: Expected
}

@Suite struct BulyanTests {
  @Test func agreesWithReference() throws {
    let file: FixtureFile<BulyanCase> = try decodeFixture("bulyan.json")
    #expect(!file.cases.isEmpty)
    for known in file.cases {
      let rows = known.matrix.rows
      let rule = try makeRule("bulyan", known.arguments.mapValues(\.value), rows: rows.count)
      let result = try run(rule, on: makeUpdates(rows))
      let expected = known.expected
      #expect(result.report["selected"] == .rows(expected.selected.sorted()), "\(known.name)")
      #expect(agree(result.update, expected.update), "\(known.name)")
      // Shares are counts of kept values, never rounded to single precision.
      #expect(
        agree(result.verdicts.map(\.weight), expected.shares, tolerance: 1e-12, scale: 1e-3),
        "\(known.name)")
      for (row, verdict) in result.verdicts.enumerated() {
        #expect(
          verdict.disposition == (expected.selected.contains(row) ? .accepted : .rejected),
          "\(known.name)")
      }
    }
  }

  @Test func suspicionIsTheScoreAmongAllRows() throws {
    let updates = makeUpdates(makeNormal(rows: 11, columns: 5, seed: 6))
    let bulyan = try run(makeRule("bulyan", ["f": .integer(2)], rows: 11), on: updates)
    let krum = try run(makeRule("krum", ["f": .integer(2)], rows: 11), on: updates)
    #expect(bulyan.verdicts.map(\.suspicion) == krum.verdicts.map(\.suspicion))
  }

  @Test func orderOfRowsDoesNotMatterWithThreeAttackers() throws {
    let updates = makeUpdates(makeNormal(rows: 15, columns: 21, seed: 9))
    let straight = try run(makeRule("bulyan", ["f": .integer(3)], rows: 15), on: updates)
    let order = [7, 2, 14, 0, 9, 11, 4, 1, 13, 6, 3, 12, 5, 10, 8]
    let result = try run(
      makeRule("bulyan", ["f": .integer(3)], rows: 15),
      on: UpdateMatrix(updates.values.selecting(order)))
    #expect(result.update == straight.update)
    for (row, source) in order.enumerated() {
      #expect(result.verdicts[row].disposition == straight.verdicts[source].disposition)
    }
  }

  @Test func infeasibilityNamesTheNumbers() {
    let error = #expect(throws: ConfigurationError.self) {
      _ = try makeRule("bulyan", ["f": .integer(2)], rows: 10)
    }
    #expect(error?.description == "bulyan: needs n >= 4f + 3 = 11 submissions for f = 2, got 10")
  }
}
