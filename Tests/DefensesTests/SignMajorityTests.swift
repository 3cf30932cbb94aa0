import Components
import Defenses
import Federation
import Kernels
import Tensors
import Testing

@Suite struct SignMajorityTests {
  @Test func agreesWithReference() throws { try KnownRounds.check("sign-majority.json") }

  @Test func lengthsAndWeightsDoNotVote() throws {
    var updates = makeUpdates([[0x1p-140], [0x1p-140], [-3e38]])
    updates.weights = [0.01, 0.01, 0.98]
    #expect(try run(makeRule("sign-majority", rows: 3), on: updates).update == [1])
  }

  @Test func automaticStepIsAsLongAsTheMedianRow() throws {
    let updates = makeUpdates(makeNormal(rows: 9, columns: 50, seed: 6))
    let rule = try makeRule("sign-majority", ["step": .text("auto")], rows: 9)
    let update = try run(rule, on: updates).update
    let norm = Float.squaredNorm(update.span).squareRoot()
    let norms = (0..<9).map { updates.values.norm(ofRow: $0) }.sorted()
    #expect(abs(norm - norms[4]) < 1e-6 * norms[4])
  }

  @Test func noColumnsAreNoTrouble() throws {
    let rule = try makeRule("sign-majority", ["step": .text("auto")], rows: 2)
    let result = try run(rule, on: UpdateMatrix(Matrix<Float>(rowCount: 2, columnCount: 0)))
    #expect(result.update.isEmpty && result.report == ["step": .number(0)])
  }
}
