import Federation
import Kernels

/// The last change of the global model, w_t − w_(t−1), which tells a client where training goes.
struct UpdateDirection: Sendable {
  private var global: [Float] = []
  /// `nil` until two models were seen.
  private(set) var values: [Float]?

  /// Takes in the global model of a round.
  ///
  /// - Complexity: O(d), and memory for two vectors.
  mutating func observe(_ broadcast: Broadcast) {
    let next = broadcast.global
    if global.count == next.count && !next.isEmpty {
      var difference = Float.zeros(next.count)
      var target = difference.mutableSpan
      Vectors.subtract(next.span, global.span, into: &target)
      values = difference
    }
    global = next
  }

  /// Passes over the last model; the change is known again with the next one.
  mutating func checkpoint(_ pass: inout CheckpointPass, parameterCount: Int) {
    pass.visit(&global, emptyOr: parameterCount)
  }
}
