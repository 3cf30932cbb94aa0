import Federation
import Kernels

/// Moves the global model by the server's optimizer.
struct ServerStep: Sendable {
  private let settings: ServerSettings
  private var velocity: [Float] = []
  private var adaptive: AdaptiveOptimizer.State?

  init(_ settings: ServerSettings) { self.settings = settings }

  mutating func apply(_ aggregate: [Float], to global: inout [Float]) {
    switch settings.optimizer {
    case .gradientDescent(let momentum):
      descend(aggregate, Float(momentum), &global)
    case .adaptive(let optimizer):
      var state = adaptive.take() ?? optimizer.makeState(count: global.count)
      optimizer.step(
        aggregate, learningRate: settings.learningRate, state: &state, global: &global)
      adaptive = state
    }
  }

  /// Passes over what the optimizer remembers; models have `count` parameters.
  mutating func checkpoint(_ pass: inout CheckpointPass, count: Int) {
    switch settings.optimizer {
    case .gradientDescent:
      pass.visit(&velocity, emptyOr: count)
    case .adaptive(let optimizer):
      pass.visit(&adaptive, from: optimizer.makeState(count: count)) { $1.checkpoint(&$0) }
    }
  }

  private mutating func descend(
    _ aggregate: [Float], _ momentum: Float, _ global: inout [Float]
  ) {
    let learningRate = Float(settings.learningRate)
    guard momentum != 0 else {
      Self.add(learningRate, aggregate, to: &global)
      return
    }
    if velocity.isEmpty { velocity = Float.zeros(global.count) }
    for j in velocity.indices { velocity[j] = momentum * velocity[j] + aggregate[j] }
    Self.add(learningRate, velocity, to: &global)
  }

  private static func add(_ factor: Float, _ x: [Float], to y: inout [Float]) {
    var target = y.mutableSpan
    Vectors.axpy(factor, x.span, into: &target)
  }
}
