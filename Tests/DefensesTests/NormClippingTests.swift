import Components
import Defenses
import Federation
import Tensors
import Testing

@Suite struct NormClippingTests {
  @Test func clipsAndSaysSo() throws {
    let rule = try makeRule("norm-clipping", ["bound": .real(5)], rows: 3)
    let result = try run(rule, on: makeUpdates([[30, 40], [0, 5], [0, 0]]))
    #expect(agree(result.update, [1, 3]))
    #expect(result.verdicts.map(\.disposition) == [.downweighted, .accepted, .accepted])
    #expect(result.verdicts.map(\.suspicion) == [50, 5, 0])
    let weights = [1.0 / 30, 1.0 / 3, 1.0 / 3]
    #expect(agree(result.verdicts.map(\.weight), weights, tolerance: 1e-12))
    #expect(result.report == ["bound": .number(5), "clipped": .number(1)])
  }

  @Test func weightsOfTheScenarioAreKept() throws {
    var updates = makeUpdates([[30, 40], [0, 5]])
    updates.weights = [0.75, 0.25]
    let clipped = try run(makeRule("norm-clipping", ["bound": .real(5)], rows: 2), on: updates)
    #expect(agree(clipped.update, [2.25, 4.25]))
    let mean = try run(makeRule("mean", rows: 2), on: updates)
    #expect(mean.update == [22.5, 31.25] && mean.verdicts.map(\.weight) == [0.75, 0.25])
  }

  @Test func automaticBoundOfZeroGivesTheZeroUpdate() throws {
    let rule = try makeRule("norm-clipping", rows: 3)
    let result = try run(rule, on: makeUpdates([[0, 0], [0, 0], [3, 4]]))
    #expect(result.update == [0, 0])
    #expect(result.verdicts[2] == Verdict(.downweighted, weight: 0, suspicion: 5))
  }
}
