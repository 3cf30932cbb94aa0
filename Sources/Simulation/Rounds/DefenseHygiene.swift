import Federation
import Tensors

/// Tests of a defense on the rows of one round, on copies of it.
struct DefenseHygiene: Sendable {
  /// Whether a round was there to test it on.
  private(set) var isTested = false
  /// Calling it twice gave different bits.
  var isNondeterministic = false
  /// Reversing the rows moved the aggregate by more than 10⁻⁴ of its norm, beyond rounding.
  var isOrderDependent = false

  init() {}

  /// Tests a defense; `outcome` is what it made of the rows itself.
  ///
  /// The rows are reversed in place and turned back, so that no second matrix is needed where the
  /// defense has no stages. A defense that cannot be copied is not tested.
  init(
    of defense: DefensePipeline, on updates: inout UpdateMatrix, in context: RoundContext,
    outcome: [Float]
  ) {
    isTested = true
    guard defense.isCopyable,
      let second = Self.rehearse(defense, &updates, context)
    else { return }
    isNondeterministic = zip(outcome, second).contains { $0.bitPattern != $1.bitPattern }

    updates.reverse()
    defer { updates.reverse() }
    guard let turned = Self.rehearse(defense, &updates, context) else { return }
    var difference = 0.0
    var norm = 0.0
    for (a, b) in zip(outcome, turned) {
      difference += (Double(a) - Double(b)) * (Double(a) - Double(b))
      norm += Double(a) * Double(a)
    }
    isOrderDependent = difference > 1e-8 * norm
  }

  mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.visit(&isTested)
    pass.visit(&isNondeterministic)
    pass.visit(&isOrderDependent)
  }

  private static func rehearse(
    _ defense: DefensePipeline, _ updates: inout UpdateMatrix, _ context: RoundContext
  ) -> [Float]? {
    var copy = defense
    if !defense.hasStages { return try? copy.aggregate(&updates, in: context).update }
    var rows = updates
    return try? copy.aggregate(&rows, in: context).update
  }
}

extension UpdateMatrix {
  /// Turns the order of the rows round.
  fileprivate mutating func reverse() {
    values.reverseRows()
    provenance.reverse()
    weights.reverse()
  }
}
