import Kernels

/// Moves the global model by the server's learning rate times the aggregate, or its velocity.
struct ServerStep: Sendable {
  private let learningRate: Float
  private let momentum: Float
  private var velocity: [Float] = []

  init(_ settings: ServerSettings) {
    learningRate = Float(settings.learningRate)
    momentum = Float(settings.momentum)
  }

  mutating func apply(_ aggregate: [Float], to global: inout [Float]) {
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
