import Federation
import Kernels
import Simulation
import Statistics
import Tensors

/// What can be said of a defense without knowing who is malicious.
struct PlainFigures {
  /// The figures with their definitions.
  static let definitions: [(id: String, text: String)] = [
    ("replay.kept", "share of the rows that have weight in the aggregate, mean over the rounds"),
    ("replay.rejected", "share of the rows with the verdict 'rejected', mean over the rounds"),
    ("replay.largest-weight", "largest weight of a row, mean over the rounds"),
    (
      "replay.norm-ratio",
      "norm(aggregate) / norm(weighted mean of the rows), median over the rounds"
    ),
    (
      "replay.mean-deviation",
      "norm(aggregate - weighted mean) / norm(weighted mean), median over the rounds"
    ),
  ]

  private var values: [String: [Double]] = [:]

  /// Takes a round with an aggregate; rows whose verdict says nothing of a weight count as they are.
  mutating func observe(_ round: RoundObservation) {
    guard let aggregate = round.aggregate, !round.clients.isEmpty else { return }
    let verdicts = round.clients.compactMap { round.verdicts[$0] }
    let n = Double(round.clients.count)
    add("replay.kept", Double(verdicts.count { $0.weight > 0 }) / n)
    add("replay.rejected", Double(verdicts.count { $0.disposition == .rejected }) / n)
    add("replay.largest-weight", verdicts.map(\.weight).max() ?? 0)
    var mean = [Float](repeating: 0, count: aggregate.count)
    var target = mean.mutableSpan
    Float.linearCombination(
      round.updates.span, rowCount: round.updates.rowCount, columnCount: round.updates.columnCount,
      weights: round.weights.span, pool: round.pool, into: &target)
    let size = Float.squaredNorm(mean.span)
    guard size > 0 else { return }
    add("replay.norm-ratio", (Float.squaredNorm(aggregate.span) / size).squareRoot())
    add(
      "replay.mean-deviation",
      (Float.squaredDistance(aggregate.span, mean.span) / size).squareRoot())
  }

  /// The figures over all rounds.
  var outcomes: [String: MetricOutcome] {
    Dictionary(
      uniqueKeysWithValues: Self.definitions.map { id, text in
        let found = values[id] ?? []
        let value =
          text.hasSuffix("median over the rounds") ? Median.of(found) : Moments.mean(found)
        let absence = "no round had an aggregate and a mean that is not 0"
        return (id, value.map(MetricOutcome.value) ?? .absent(absence))
      })
  }

  private mutating func add(_ id: String, _ value: Double) {
    if value.isFinite { values[id, default: []].append(value) }
  }
}
