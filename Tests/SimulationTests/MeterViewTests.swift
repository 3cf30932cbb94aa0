import Determinism
import Federation
import Tensors
import Testing

@testable import Simulation

@Suite struct MeterViewTests {
  /// Counts the rows of acting clients, from the first round on.
  private struct ActingMeter: RoundMeter {
    static let series = ["acting"]
    private var total = 0.0

    init(_: MeterSetup) {}

    mutating func observe(_ observation: RoundObservation) -> [String: Double] {
      total += Double(observation.isActing.count { $0 })
      return ["acting": total]
    }

    mutating func finish() -> [String: Double] { ["acting": total] }

    mutating func checkpoint(_ pass: inout CheckpointPass) { pass.visit(&total) }
  }

  private func view() throws -> MeterView {
    let setup = MeterSetup(rounds: 6, classCount: 2, parameterCount: 1)
    let roster = AttackRoster(
      controlled: [ClientID(0), ClientID(2)], threat: try ScenarioText.scenario().threat,
      attack: nil, seed: SeedPath(root: 1))
    return MeterView([ActingMeter(setup), RowMeter(setup)], roster: roster, window: 1..<5)
  }

  private func observe(_ rounds: Range<Int>, _ view: inout MeterView) {
    for round in rounds {
      view.observe(
        RoundObservation(
          round: round, isInWindow: true, updates: Matrix(rows: [[1], [2], [3]]),
          clients: (0..<3).map { ClientID($0) }, isControlled: [true, false, true], dropped: [],
          droppedControlled: [], verdicts: [:], aggregate: [1], evaluation: nil,
          localAccuracy: nil, seconds: RoundSeconds()))
    }
  }

  private func found(_ view: MeterView) -> TrialTrace {
    var trace = TrialTrace(
      rounds: (0..<6).map { _ in .init(evaluation: nil, figures: [:], droppedCount: 0) },
      window: 1..<5, classCount: 2, goal: .none, backdoor: nil, declaresMalicious: false)
    trace = view.applied(to: trace)
    return trace
  }

  private func written(_ view: MeterView) -> [UInt8] {
    var bytes: [UInt8] = []
    withoutActuallyEscaping({ (more: [UInt8]) -> String? in
      bytes += more
      return nil
    }) { sink in
      var pass = CheckpointPass(writingTo: sink)
      var view = view
      view.checkpoint(&pass)
      pass.finish()
    }
    return bytes
  }

  @Test func aViewGoesOnFromItsCheckpoint() throws {
    var view = try view()
    observe(0..<3, &view)
    var other = try self.view()
    var pass = CheckpointPass(reading: written(view))
    other.checkpoint(&pass)
    pass.finish()
    #expect(pass.problem == nil)
    observe(3..<6, &view)
    observe(3..<6, &other)
    view.finish()
    other.finish()
    let (one, two) = (found(view), found(other))
    #expect(one.summary == ["acting": 8, "rows": 18])
    #expect(one.rounds.map { $0.figures["acting"] } == [0, 2, 4, 6, 8, 8])
    #expect(one.summary == two.summary)
    #expect(one.rounds.map(\.figures) == two.rounds.map(\.figures))
  }

  @Test func bytesThatEndAnywhereAreAProblem() throws {
    var view = try view()
    observe(0..<2, &view)
    let bytes = written(view)
    for count in 0..<bytes.count {
      var pass = CheckpointPass(reading: Array(bytes.prefix(count)))
      var other = try self.view()
      other.checkpoint(&pass)
      pass.finish()
      #expect(pass.problem != nil, "\(count) bytes")
    }
  }
}
