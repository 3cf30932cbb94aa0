import Components
import Defenses
import Federation
import Tensors
import Testing

@Suite struct AdaptiveRobustClippingTests {
  @Test func agreesWithReference() throws { try KnownStage.check("arc.json") }

  @Test func infeasibilityNamesTheNumbers() {
    let error = #expect(throws: ConfigurationError.self) {
      _ = try makeStage("arc", ["f": .integer(2)], rows: 4)
    }
    #expect(
      error?.description == "arc: needs n >= 2f + 1 = 5 submissions for f = 2, got 4")
  }

  @Test func noneDeclaredChangesNothing() throws {
    var updates = makeUpdates(makeNormal(rows: 6, columns: 3, seed: 1))
    let given = updates.values
    var stage = try makeStage("arc", ["f": .integer(0)], rows: 6)
    try stage.transform(&updates, in: makeRound())
    #expect(updates.values == given)
  }

  @Test func fewerRowsCountOnFewerAttackers() throws {
    var stage = try makeStage("arc", ["f": .integer(4)], rows: 9)
    // Of three rows at most one is Byzantine: k = 1.
    var updates = makeUpdates([[1], [2], [9]])
    try stage.transform(&updates, in: makeRound())
    #expect(updates.values.values == [1, 2, 2])
    var one = makeUpdates([[7]])
    try stage.transform(&one, in: makeRound())
    #expect(one.values.values == [7])
  }
}
