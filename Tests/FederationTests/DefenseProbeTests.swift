import Determinism
import Federation
import Kernels
import Tensors
import Testing

@Suite struct DefenseProbeTests {
  private let round = RoundContext(
    round: 3, global: [1, 1], seed: SeedPath(root: 1), pool: WorkPool(width: 1))
  private let updates = UpdateMatrix(Matrix<Float>(rows: [[1, 2], [3, 4], [5, 6], [7, 8]]))

  private func probe(
    _ defense: DefensePipeline, rows: [Int] = [1, 3],
    counter: RehearsalCounter = RehearsalCounter()
  ) -> DefenseProbe {
    DefenseProbe(
      of: defense, updates: updates, rows: rows,
      context: round.with(seed: SeedPath(root: 9)), counter: counter)
  }

  private func crafted(_ a: [Float], _ b: [Float]) -> Matrix<Float> { Matrix(rows: [a, b]) }

  @Test func craftedRowsTakeTheirPlaces() throws {
    var mean = probe(DefensePipeline(rule: RunningMean()))
    let answer = mean.respond(to: crafted([10, 20], [-10, 0]))
    let response = try #require(answer)
    // (1 + 10 + 5 − 10) / 4 and (2 + 20 + 6 + 0) / 4.
    #expect(response.update == [1.5, 7])
    #expect(response.verdicts == .init(repeating: Verdict(.notJudged, weight: 0.25), count: 2))
    var first = probe(DefensePipeline(rule: FirstRow()), rows: [2, 0])
    let other = first.respond(to: crafted([10, 20], [-10, 0]))
    let swapped = try #require(other)
    #expect(swapped.update == [-10, 0])
    #expect(swapped.verdicts.map(\.suspicion) == [2, 0])
  }

  @Test func theDefenseNeverNotices() throws {
    var defense = DefensePipeline(stages: [Adding(1)], rule: RunningMean())
    var rows = updates
    _ = try defense.aggregate(&rows, in: round)
    var twin = defense
    var rehearsal = probe(defense)
    let answers = (0..<3).map { _ in rehearsal.respond(to: crafted([9, 9], [8, 8]))?.update }
    // Each rehearsal starts from the same state and the same rows.
    #expect(answers[0] != nil && Set(answers).count == 1)
    var real = updates
    var other = updates
    #expect(
      try defense.aggregate(&real, in: round).update == twin.aggregate(&other, in: round).update)
    #expect(real.values == other.values)
  }

  @Test func rehearsalsDrawAlikeButNotAsTheDefenseWill() throws {
    var defense = DefensePipeline(rule: Drawing())
    var rehearsal = probe(defense)
    let first = rehearsal.respond(to: crafted([0, 0], [0, 0]))?.update
    #expect(first != nil && rehearsal.respond(to: crafted([1, 1], [1, 1]))?.update == first)
    var rows = updates
    #expect(try defense.aggregate(&rows, in: round).update != first)
  }

  @Test func whatCannotBeAnsweredIsNil() {
    var finite = probe(DefensePipeline(rule: FirstRow()))
    #expect(finite.respond(to: crafted([.nan, 0], [0, 0])) == nil)
    #expect(finite.respond(to: crafted([0, 0], [0, -.infinity])) == nil)
    #expect(finite.respond(to: crafted([0, 0], [0, 0])) != nil)
    var failing = probe(DefensePipeline(stages: [Adding(1, fails: true)], rule: FirstRow()))
    #expect(failing.respond(to: crafted([0, 0], [0, 0])) == nil)
  }

  @Test func rowsOfRehearsalsAreCountedOverAllCopies() {
    let counter = RehearsalCounter()
    var first = probe(DefensePipeline(rule: FirstRow()), counter: counter)
    _ = first.respond(to: crafted([0, 0], [0, 0]))
    var copy = first
    _ = copy.respond(to: crafted([1, 0], [0, 0]))
    #expect(counter.rowCount == 8)
    // It never gets to the defense.
    _ = first.respond(to: crafted([.nan, 0], [0, 0]))
    #expect(counter.rowCount == 8)
    var failing = probe(
      DefensePipeline(stages: [Adding(1, fails: true)], rule: FirstRow()), counter: counter)
    _ = failing.respond(to: crafted([0, 0], [0, 0]))
    #expect(counter.rowCount == 12)
  }

  @Test func anotherNumberOfRowsTraps() async {
    await #expect(processExitsWith: .failure) {
      var probe = DefenseProbe(
        of: DefensePipeline(rule: FirstRow()),
        updates: UpdateMatrix(Matrix<Float>(rows: [[1], [2]])), rows: [1],
        context: RoundContext(
          round: 0, global: [], seed: SeedPath(root: 1), pool: WorkPool(width: 1)))
      _ = probe.respond(to: Matrix(rows: [[1], [2]]))
    }
  }
}
