import Federation
import Tensors

/// Tests of a defense on the rows of one round, on copies of it.
struct DefenseHygiene: Sendable {
  /// Calling it twice gave different bits.
  var isNondeterministic = false
  /// Reversing the rows moved the aggregate by more than 10⁻⁴ of its norm, beyond rounding.
  var isOrderDependent = false

  init() {}

  /// Tests a defense; `outcome` is what it made of the rows itself.
  init(
    of defense: DefensePipeline, on updates: UpdateMatrix<Float>, in context: RoundContext,
    outcome: [Float]
  ) {
    var again = defense
    guard let second = try? again.aggregate(updates, in: context).update else { return }
    isNondeterministic = zip(outcome, second).contains { $0.bitPattern != $1.bitPattern }

    let order = (0..<updates.rowCount).reversed()
    let reversed = UpdateMatrix(
      values: Matrix(rows: order.map { updates.values.row($0) }),
      provenance: order.map { updates.provenance[$0] }, weights: order.map { updates.weights[$0] })
    var third = defense
    guard let turned = try? third.aggregate(reversed, in: context).update else { return }
    var difference = 0.0
    var norm = 0.0
    for (a, b) in zip(outcome, turned) {
      difference += (Double(a) - Double(b)) * (Double(a) - Double(b))
      norm += Double(a) * Double(a)
    }
    isOrderDependent = difference > 1e-8 * norm
  }
}
