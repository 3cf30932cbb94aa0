import Components
import Defenses
import Federation
import Tensors
import Testing

@Suite struct FoundationFLTests {
  /// The known answers of `Tests/Reference/rules_foundation.py`.
  @Test func agreesWithReference() throws { try KnownCase.check("foundation.json") }

  @Test func byHand() throws {
    // The extremes are 9 and 0; their distances to 1, 2, 3, 9 and 0 are least for the ends, so 3 is
    // copied twice: 0 1 2 3 3 3 9.
    let updates = makeUpdates([[1], [2], [3], [9], [0]])
    let median = try run(
      makeRule("foundation", ["rule": .text("median"), "f": .integer(0)], rows: 5), on: updates)
    #expect(median.update == [3])
    #expect(median.verdicts.map(\.weight) == [0, 0, 1, 0, 0])
    #expect(median.verdicts.map(\.suspicion) == [2, 1, 0, 3, 3])
    #expect(median.report["copied"] == .rows([2]))
    let trimmed = try run(makeRule("foundation", ["f": .integer(1)], rows: 5), on: updates)
    #expect(trimmed.update == [Float(12.0 / 5)])
    #expect(agree(trimmed.verdicts.map(\.weight), [0.2, 0.2, 0.6, 0, 0], tolerance: 1e-15))
  }

  /// A library that subtracts the extremes from the total answers 0 here.
  @Test func extremesAreNeverSubtracted() throws {
    let updates = makeUpdates([[1e30], [-1e30], [1], [2], [3]])
    let result = try run(
      makeRule("foundation", ["f": .integer(1), "copies": .integer(0)], rows: 5), on: updates)
    #expect(result.update == [2])
  }

  @Test func copiesBringTheMedianBackToHonestRows() throws {
    // Half of the rows are attackers: the median alone lies between both groups.
    var rows = makeNormal(rows: 10, columns: 40, seed: 4)
    for row in 0..<4 { rows[row] = rows[row].map { 0.01 * $0 + 8 } }
    let updates = makeUpdates(rows)
    let plain = try run(makeRule("median", rows: 10), on: updates).update
    let result = try run(
      makeRule("foundation", ["rule": .text("median"), "f": .integer(4)], rows: 10), on: updates)
    func length(_ x: [Float]) -> Float { x.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    #expect(result.verdicts.prefix(4).allSatisfy { ($0.suspicion ?? 0) > 1 })
    #expect(length(result.update) < length(plain))
  }

  @Test func infeasiblePairsAreRefused() throws {
    let file: FoundationFile = try decodeFixture("foundation.json")
    for known in file.infeasible {
      let error = #expect(throws: ConfigurationError.self, "\(known)") {
        _ = try makeRule(known.rule, known.arguments.mapValues(\.value), rows: known.rows)
      }
      #expect(error?.isInfeasibility == true, "\(known)")
    }
    // The median has no use for f.
    #expect(throws: Never.self) {
      try makeRule("foundation", ["rule": .text("median"), "f": .integer(5)], rows: 10)
    }
  }

  @Test func blocksOfColumnsChangeNothing() throws {
    // More columns than a block, and so many rows that blocks are narrow.
    let wide = makeUpdates(makeNormal(rows: 5, columns: 9001, seed: 12))
    let whole = try run(makeRule("trimmed-mean", ["f": .integer(1)], rows: 5), on: wide)
    let inBlocks = try run(
      makeRule("foundation", ["f": .integer(1), "copies": .integer(0)], rows: 5), on: wide)
    #expect(inBlocks.update == whole.update)
    #expect(
      agree(
        inBlocks.verdicts.map(\.weight), whole.verdicts.map(\.weight), tolerance: 1e-12))
    let narrow = makeUpdates(makeNormal(rows: 3, columns: 40, seed: 12))
    let result = try run(
      makeRule(
        "foundation", ["rule": .text("median"), "copies": .integer(10_000), "f": .integer(0)],
        rows: 3), on: narrow)
    guard case .rows(let copied)? = result.report["copied"] else { throw DefenseError.noRows }
    #expect(result.update == narrow.values.row(copied[0]))
  }
}

private struct FoundationFile: Decodable, Sendable {
  var infeasible: [InfeasibleCase]
}
