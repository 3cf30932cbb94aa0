import Determinism
import Federation
import Kernels
import Tensors
import Testing

/// Takes the first row, accepts even rows and rejects odd ones; suspicion is the row number.
private struct FirstRow: Aggregator {
  static let manifest = ComponentManifest(
    id: "first-row", summary: "The first row.", formula: "x_0", citation: "none")

  init(_: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {}
  init() {}

  mutating func aggregate<Element: Scalar>(
    _ updates: UpdateMatrix<Element>, in _: RoundContext
  ) throws(DefenseError) -> Aggregation<Element> {
    var verdicts: [Verdict] = []
    for row in 0..<updates.rowCount {
      let isEven = row % 2 == 0
      verdicts.append(
        Verdict(
          isEven ? .accepted : .rejected, weight: isEven ? 0.5 : 0, suspicion: Double(row)))
    }
    let report = ["rows": ReportValue.number(Double(updates.rowCount))]
    return Aggregation(update: updates.values.row(0), verdicts: verdicts, report: report)
  }
}

/// Adds a number to every value, or fails.
private struct Adding: PreAggregator {
  static let manifest = ComponentManifest(
    id: "adding", summary: "Adds.", formula: "x + a", citation: "none")
  var amount = 1.0
  var fails = false
  var calls = 0

  init(_: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {}
  init(_ amount: Double, fails: Bool = false) {
    self.amount = amount
    self.fails = fails
  }

  mutating func transform<Element: Scalar>(
    _ updates: consuming UpdateMatrix<Element>, in _: RoundContext
  ) throws(DefenseError) -> UpdateMatrix<Element> {
    if fails { throw .failed(component: "adding", reason: "told to") }
    for row in 0..<updates.rowCount {
      updates.values.withMutableRow(row) { values in
        // The stage remembers its calls: the second adds twice as much.
        for i in values.indices { values[i] += Element(amount) * Element(calls + 1) }
      }
    }
    calls += 1
    return updates
  }
}

@Suite struct DefensePipelineTests {
  private let round = RoundContext(
    round: 0, global: [], seed: SeedPath(root: 1), pool: WorkPool(width: 1))
  private let updates = UpdateMatrix<Float>(Matrix(rows: [[1, 2], [3, 4], [5, 6]]))

  @Test func verdictsComeBackPerClient() throws {
    var pipeline = DefensePipeline(rule: FirstRow())
    let outcome = try pipeline.aggregate(updates, in: round)
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
    let verdicts = try pipeline.aggregate(mixed, in: round).verdicts
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
    #expect(try pipeline.aggregate(updates, in: round).update == [12, 13])
    var copy = pipeline
    #expect(try pipeline.aggregate(updates, in: round).update == [23, 24])
    // The copy was taken after one round and knows nothing of the second.
    #expect(try copy.aggregate(updates, in: round).update == [23, 24])
    #expect(updates.values.values == [1, 2, 3, 4, 5, 6])
  }

  @Test func noRowsAndFailuresAreErrors() {
    var pipeline = DefensePipeline(stages: [Adding(1, fails: true)], rule: FirstRow())
    #expect(throws: DefenseError.failed(component: "adding", reason: "told to")) {
      try pipeline.aggregate(updates, in: round)
    }
    let none = UpdateMatrix<Float>(Matrix(rowCount: 0, columnCount: 2))
    #expect(throws: DefenseError.noRows) { try pipeline.aggregate(none, in: round) }
  }
}
