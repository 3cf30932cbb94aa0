import Components
import Determinism
import Federation
import Kernels
import Tensors
import Testing

@Suite struct DefensePipelineTests {
  private let round = RoundContext(
    round: 0, global: [], seed: SeedPath(root: 1), pool: WorkPool(width: 1))
  private let updates = UpdateMatrix(Matrix<Float>(rows: [[1, 2], [3, 4], [5, 6]]))

  /// Runs a pipeline on a copy of the rows.
  private func run(
    _ pipeline: inout DefensePipeline, on given: UpdateMatrix? = nil
  ) throws(DefenseError) -> DefensePipeline.Outcome {
    var rows = given ?? updates
    return try pipeline.aggregate(&rows, in: round)
  }

  @Test func verdictsComeBackPerClient() throws {
    var pipeline = DefensePipeline(rule: FirstRow())
    let outcome = try run(&pipeline)
    #expect(outcome.update == [1, 2])
    #expect(outcome.verdicts[ClientID(0)] == Verdict(.accepted, weight: 0.5, suspicion: 0))
    #expect(outcome.verdicts[ClientID(1)] == Verdict(.rejected, weight: 0, suspicion: 1))
    #expect(outcome.report == ["rows": .number(3)])
  }

  @Test func mixedRowsAreTracedToTheirClients() throws {
    var mixed = updates
    mixed.provenance = [
      Provenance([
        .init(client: ClientID(7), fraction: 0.25), .init(client: ClientID(8), fraction: 0.75),
      ]),
      Provenance([
        .init(client: ClientID(7), fraction: 0.5), .init(client: ClientID(9), fraction: 0.5),
      ]),
      Provenance(ClientID(8)),
    ]
    var pipeline = DefensePipeline(rule: FirstRow())
    let verdicts = try run(&pipeline, on: mixed).verdicts
    // Row 0 is accepted and row 1 rejected: client 7 is in both.
    #expect(verdicts[ClientID(7)]?.disposition == .downweighted)
    #expect(verdicts[ClientID(7)]?.weight == 0.125)
    #expect(abs((verdicts[ClientID(7)]?.suspicion ?? 0) - 0.5 / 0.75) < 1e-15)
    #expect(verdicts[ClientID(8)]?.disposition == .accepted)
    #expect(verdicts[ClientID(8)]?.weight == 0.875)
    #expect(verdicts[ClientID(9)] == Verdict(.rejected, weight: 0, suspicion: 1))
  }

  @Test func stagesRunInOrderAndKeepTheirState() throws {
    var pipeline = DefensePipeline(stages: [Adding(1), Adding(10)], rule: FirstRow())
    #expect(pipeline.hasStages && !DefensePipeline(rule: FirstRow()).hasStages)
    #expect(try run(&pipeline).update == [12, 13])
    var copy = pipeline
    #expect(try run(&pipeline).update == [23, 24])
    // The copy was taken after one round and knows nothing of the second.
    #expect(try run(&copy).update == [23, 24])
    #expect(updates.values.values == [1, 2, 3, 4, 5, 6])
  }

  @Test func stagesWorkInPlaceAndRulesDoNot() throws {
    var rows = updates
    var plain = DefensePipeline(rule: FirstRow())
    _ = try plain.aggregate(&rows, in: round)
    #expect(rows.values == updates.values)
    var staged = DefensePipeline(stages: [Adding(1)], rule: FirstRow())
    _ = try staged.aggregate(&rows, in: round)
    #expect(rows.values.values == [2, 3, 4, 5, 6, 7])
  }

  @Test func noRowsAndFailuresAreErrors() {
    var pipeline = DefensePipeline(stages: [Adding(1, fails: true)], rule: FirstRow())
    #expect(throws: DefenseError.failed(component: "adding", reason: "told to")) {
      try run(&pipeline)
    }
    let none = UpdateMatrix(Matrix<Float>(rowCount: 0, columnCount: 2))
    #expect(throws: DefenseError.noRows) { try run(&pipeline, on: none) }
  }

  @Test func finishersRunInOrderAfterTheRule() throws {
    var pipeline = DefensePipeline(rule: FirstRow(), finishers: [Shaking(2), Shaking(0.25)])
    var global: [Float] = [4, -8]
    try pipeline.finish(&global, in: round)
    #expect(global == [2, -4])
    var none = DefensePipeline(rule: FirstRow())
    try none.finish(&global, in: round)
    #expect(global == [2, -4])
  }

  @Test func theLastFinisherThatSaysSoDecidesHowPredictionsAreMade() {
    let votes = ParameterSmoothing(votes: 10, deviation: 0.1)
    let more = ParameterSmoothing(votes: 20, deviation: 0.1)
    #expect(DefensePipeline(rule: FirstRow(), finishers: [Shaking(1)]).smoothing == nil)
    #expect(
      DefensePipeline(
        rule: FirstRow(),
        finishers: [
          Shaking(1, smoothing: votes), Shaking(1, smoothing: more), Shaking(1),
        ]
      ).smoothing == more)
  }

  @Test func everyPositionHasItsOwnStream() throws {
    /// What the component at each position of a pipeline of draws takes from its stream.
    func draws(_ stages: Int, finishers: Int) throws -> [[Float]] {
      var pipeline = DefensePipeline(
        stages: .init(repeating: Noise(), count: stages), rule: Drawing(),
        finishers: .init(repeating: Shaking(0, isDrawing: true), count: finishers))
      var rows = updates
      let rule = try pipeline.aggregate(&rows, in: round).update
      var global: [Float] = [0, 0]
      try pipeline.finish(&global, in: round)
      return [rows.values.row(0), rule, global]
    }
    let two = try draws(2, finishers: 1)
    #expect(Set(two).count == 3)
    // The last stage, the rule and the last finisher of longer pipelines: one place on, one stream on.
    let three = try draws(3, finishers: 2)
    #expect(Set(three).count == 3)
    #expect(three[0] == two[1] && three[0] != two[0])
    #expect(try draws(2, finishers: 1) == two)
    // Without stages the rule is at position 0.
    let bare = try draws(0, finishers: 1)
    #expect(try draws(1, finishers: 0)[0] == bare[1])
  }

  @Test func aPipelineCanBeCopiedIfAllOfItCan() {
    #expect(DefensePipeline(stages: [Adding(1)], rule: FirstRow()).isCopyable)
    #expect(!DefensePipeline(stages: [Adding(1, isCopyable: false)], rule: FirstRow()).isCopyable)
  }
}
