import Determinism
import Federation
import Kernels
import Tensors

extension Aggregation {
  /// Averages some rows: those are accepted with equal weights, the others rejected.
  ///
  /// - Parameters:
  ///   - rows: The selected rows; at least one.
  ///   - updates: All rows, n × d.
  ///   - scores: The suspicion of each row.
  ///   - pool: The threads to use.
  init(
    averaging rows: some Collection<Int>, of updates: Matrix<Float>, scores: [Double],
    pool: WorkPool
  ) {
    let selected = Set(rows)
    let share = 1 / Double(selected.count)
    let weights = scores.indices.map { selected.contains($0) ? share : 0 }
    self.init(
      update: updates.combination(weights, pool: pool),
      verdicts: scores.indices.map { row in
        Verdict(
          selected.contains(row) ? .accepted : .rejected, weight: weights[row],
          suspicion: scores[row])
      },
      report: ["selected": .rows(selected.sorted())])
  }
}
