import Components
import Defenses
import Federation
import Testing

@Suite struct OrderStatisticTests {
  @Test func medianOfThreeTakesItAllFromTheMiddle() throws {
    let rule = try makeRule("median", rows: 3)
    let rows = [[1.0, 9, 5, 0], [2, 8, 5, 1], [3, 7, 4, -1]]
    let result = try run(rule, on: makeUpdates(rows))
    #expect(result.update == [2, 8, 5, 0])
    // Columns: row 1, row 1, rows 0 and 1 equally, row 0.
    #expect(result.verdicts.map(\.weight) == [1.5 / 4, 2.5 / 4, 0])
    #expect(result.verdicts.allSatisfy { $0.disposition == .notJudged && $0.suspicion == nil })
  }

  @Test func medianOfFourSharesTheMiddle() throws {
    let result = try run(
      makeRule("median", rows: 4), on: makeUpdates([[4], [1], [3], [2]]))
    #expect(result.update == [2.5])
    #expect(result.verdicts.map(\.weight) == [0, 0, 0.5, 0.5])
  }

  @Test func tiesAtTheCutShareEqually() throws {
    let rule = try makeRule("trimmed-mean", ["f": .integer(1)], rows: 5)
    // Sorted 1 1 1 2 3: one 1 and the 3 go; two thirds of each 1 and all of 2 stay.
    let result = try run(rule, on: makeUpdates([[1], [3], [1], [2], [1]]))
    #expect(agree(result.update, [4.0 / 3]))
    let expected = [2.0 / 9, 0, 2.0 / 9, 1.0 / 3, 2.0 / 9]
    #expect(agree(result.verdicts.map(\.weight), expected, tolerance: 1e-15))
  }

  @Test(arguments: [1, 2, 3, 5, 8, 9, 20, 50])
  func sharesReproduceTheUpdate(rows: Int) throws {
    for trim in Set([0, 1, rows / 4, (rows - 1) / 2]) where rows > 2 * trim {
      // Few distinct values make many ties.
      let values = makeNormal(rows: rows, columns: 1, seed: UInt64(rows)).map {
        [($0[0] * 2).rounded() + 3]
      }
      let rule = try makeRule("trimmed-mean", ["f": .integer(trim)], rows: rows)
      let result = try run(rule, on: makeUpdates(values))
      let weighted = zip(result.verdicts, values).map { $0.weight * $1[0] }.reduce(0, +)
      #expect(abs(weighted - Double(result.update[0])) < 1e-6)
    }
  }

  @Test(arguments: [1, 7, 8, 9, 31, 300, 5000])
  func sharesSumToOne(columns: Int) throws {
    for rows in [4, 9] {
      let values = makeNormal(rows: rows, columns: columns, seed: 4)
      let rule = try makeRule("trimmed-mean", ["fraction": .real(0.25)], rows: rows)
      let weights = try run(rule, on: makeUpdates(values)).verdicts.map(\.weight)
      #expect(abs(weights.reduce(0, +) - 1) < 1e-12)
      #expect(weights.allSatisfy { $0 >= 0 && $0 <= 1 })
    }
  }

  @Test func fewerRowsTrimLess() throws {
    let rule = try makeRule("trimmed-mean", ["f": .integer(2)], rows: 5)
    let result = try run(rule, on: makeUpdates([[1], [2], [9]]))
    #expect(result.update == [2] && result.report["trimmed"] == .number(1))
    #expect(try run(rule, on: makeUpdates([[7]])).update == [7])
  }

  @Test func fractionReplacesTheDeclaredNumber() throws {
    let rule = try makeRule(
      "trimmed-mean", ["fraction": .real(0.2)], rows: 5, plan: [.declaredByzantine: .integer(2)])
    let result = try run(rule, on: makeUpdates([[0], [1], [2], [6], [50]]))
    #expect(result.update == [3])
  }

  @Test func trimmedMeanNeedsOneOfTheTwo() {
    let error = #expect(throws: ConfigurationError.self) {
      _ = try makeRule("trimmed-mean", rows: 5)
    }
    #expect(error?.problems == [.missingValue(component: "trimmed-mean", name: "f")])
  }

  @Test func valuesStayInTheHonestRange() throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      let honest = makeNormal(rows: 6, columns: 19, seed: seed)
      let hostile = makeNormal(rows: 2, columns: 19, seed: seed + 100).map { $0.map { $0 * 1e6 } }
      let rules = try [
        makeRule("median", rows: 8), makeRule("trimmed-mean", ["f": .integer(2)], rows: 8),
      ]
      for rule in rules {
        let update = try run(rule, on: makeUpdates(hostile + honest)).update
        for column in 0..<19 {
          let column = (update: Double(update[column]), honest: honest.map { $0[column] })
          #expect(column.update >= column.honest.reduce(.infinity, min))
          #expect(column.update <= column.honest.reduce(-.infinity, max))
        }
      }
    }
  }
}
