import Datasets
import Federation
import Foundation
import Tensors
import Testing

@testable import Metrics
@testable import Simulation

@Suite struct FairnessTests {
  /// `Fixtures/fairness.json`, made by `Tests/Reference/metrics_fairness.py`.
  struct Known: Decodable {
    struct Worst: Decodable {
      let accuracies: [Double]
      let worst, gap: Double?
    }
    struct Part: Decodable {
      let client: Int
      let weight: Double?
      let share: Double
    }
    struct Case: Decodable {
      let name: String
      let counts: [[Int]]
      let controlled: [Int]
      let rounds: [[Part]]
      let skews: [Double]
      let correlation: Double?
    }
    let worst: [Worst]
    let correlation: [Case]

    static func load() throws -> Known {
      let path = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/fairness.json")
      return try JSONDecoder().decode(Known.self, from: Data(contentsOf: path))
    }
  }

  private func outcomes(
    _ accuracies: [Double] = [], summary: [String: Double] = [:], window: Range<Int> = 0..<1
  ) -> [String: MetricOutcome] {
    var trace = TrialTrace.curves(accuracy: [0.5], window: window, goal: .degrade)
    trace.honestAccuracies = accuracies
    trace.summary = summary
    return FairnessMetrics.evaluate(
      TrialEvidence(trial: trace, twin: nil, undefendedTwin: nil, undefended: nil))
  }

  @Test func theWorstTenthAgreesWithTheReference() throws {
    for known in try Known.load().worst {
      let outcomes = outcomes(known.accuracies)
      #expect(agree(outcomes["fairness.worst-clients"]?.number, known.worst))
      #expect(agree(outcomes["fairness.gap"]?.number, known.gap))
    }
  }

  @Test func theWorstTenthByHand() {
    // Of ten clients one, of eleven two.
    let ten: [Double] = (1...10).map { Double($0) / 16 }
    let eleven: [Double] = ten + [0]
    #expect(outcomes(ten)["fairness.worst-clients"] == .value(0.0625))
    #expect(outcomes(ten)["fairness.gap"] == .value(0.28125))
    #expect(outcomes(eleven)["fairness.worst-clients"] == .value(0.03125))
    #expect(outcomes([0.5])["fairness.worst-clients"] == .value(0.5))
    #expect(outcomes([0.5])["fairness.gap"] == .absent("there is one honest client alone"))
    #expect(
      outcomes()["fairness.worst-clients"] == .absent("no honest client has training data"))
    // A third three times is not one to the bit.
    #expect(outcomes([0.1, 0.1, 0.1])["fairness.gap"] == .value(0))
  }

  private func shards(_ counts: [[Int]]) -> [Shard] {
    counts.map { own in
      let labels = own.enumerated().flatMap { [Int](repeating: $0, count: $1) }
      return Shard(
        inputs: Matrix(rowCount: labels.count, columnCount: 1), labels: labels,
        classCount: own.count, shape: .vector(1))
    }
  }

  /// What the meter and the metric make of rounds of `(client, weight, share)`.
  private func outcome(
    skews: [Double], controlled: [Int] = [], rounds: [[Known.Part]], isInWindow: Bool = true
  ) -> MetricOutcome? {
    var meter = FairnessMeter(
      MeterSetup(rounds: rounds.count, classCount: 2, parameterCount: 1, labelSkew: skews))
    for (index, parts) in rounds.enumerated() {
      let kept = parts.filter { $0.weight != nil }
      let dropped = parts.filter { $0.weight == nil }.map { ClientID($0.client) }
      let verdicts = kept.map {
        (ClientID($0.client), Verdict(.downweighted, weight: $0.weight ?? 0))
      }
      let figures = meter.observe(
        RoundObservation(
          round: index, isInWindow: isInWindow,
          updates: Matrix(rowCount: kept.count, columnCount: 1),
          clients: kept.map { ClientID($0.client) }, weights: kept.map(\.share),
          isControlled: kept.map { controlled.contains($0.client) }, dropped: dropped,
          droppedControlled: dropped.filter { controlled.contains($0.index) },
          verdicts: Dictionary(uniqueKeysWithValues: verdicts), aggregate: nil, evaluation: nil,
          localAccuracy: nil, seconds: RoundSeconds()))
      #expect(figures.isEmpty)
    }
    return outcomes(summary: meter.finish())["fairness.rejected-skew"]
  }

  @Test func rejectedSkewAgreesWithTheReference() throws {
    for known in try Known.load().correlation {
      let skews = LabelSkew.of(shards(known.counts))
      #expect(zip(skews, known.skews).allSatisfy { abs($0 - $1) < 1e-12 }, "\(known.name)")
      let outcome = outcome(skews: skews, controlled: known.controlled, rounds: known.rounds)
      #expect(agree(outcome?.number, known.correlation), "\(known.name): \(outcome as Any)")
    }
  }

  @Test func whereThereIsNoCorrelationAReasonIsGiven() {
    func part(_ client: Int, _ weight: Double?, _ share: Double = 0.5) -> Known.Part {
      Known.Part(client: client, weight: weight, share: share)
    }
    func reason(
      _ parts: [Known.Part], skews: [Double] = [0.1, 0.2, 0.3], controlled: [Int] = []
    ) -> MetricOutcome? {
      outcome(skews: skews, controlled: controlled, rounds: [parts])
    }
    #expect(reason([part(0, 1), part(1, 0)]) == .value(1))
    #expect(
      reason([part(0, 1), part(1, 0)], controlled: [0])
        == .absent("one honest client alone took part in the window"))
    #expect(
      reason([part(0, 1)], controlled: [0])
        == .absent("no honest client had a verdict in the window"))
    #expect(
      reason([part(0, 1), part(1, 0)], skews: [0.25, 0.25])
        == .absent("the labels of all honest clients are equally skewed"))
    #expect(
      reason([part(0, 0.5), part(1, 0.5)])
        == .absent("the defense took the same part from every honest client"))
    // 0.1 / 0.3 and 1 / 3 differ in a bit.
    #expect(
      reason([part(0, 0.1, 0.3), part(1, 0.2, 0.6)])
        == .absent("the defense took the same part from every honest client"))
    // A dropped update was given nothing.
    #expect(reason([part(0, 0.5), part(1, nil)]) == .value(1))
    #expect(reason([part(0, nil), part(1, 0.5)]) == .value(-1))
    #expect(outcome(skews: [], rounds: [[part(0, 1)]]) == .absent(Absence.notMeasured))
    #expect(
      outcome(skews: [0, 1], rounds: [[part(0, 1), part(1, 0)]], isInWindow: false)
        == .absent(Absence.notMeasured))
    #expect(
      outcomes(window: 1..<1)["fairness.rejected-skew"] == .absent(Absence.emptyWindow))
  }

  @Test func skewByHand() {
    #expect(LabelSkew.of([]).isEmpty)
    #expect(LabelSkew.of(shards([[3, 4]])) == [0])
    #expect(LabelSkew.of(shards([[4, 0], [0, 4]])) == [0.5, 0.5])
    #expect(LabelSkew.of(shards([[1, 1, 0], [0, 0, 2], [0, 0, 0]])) == [0.5, 0.5, 0])
    // Equal shares of unequal sizes are equally skewed.
    let skews = LabelSkew.of(shards([[1, 2], [10, 20], [7, 1]]))
    #expect(skews[0] == skews[1] && skews[0] > 0)
  }
}
