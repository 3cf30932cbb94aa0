import Datasets
import Determinism
import Federation
import Kernels
import Synchronization
import Tensors
import Training

/// What the server trains on its own clean data each round, by the procedure of the clients.
struct RootTraining: Sendable {
  private let context: TrialContext
  let momentum: WorkerMomentum?

  /// `momentum` is what it remembers of earlier rounds; `nil`: these are the first ones.
  init(_ context: TrialContext, momentum: WorkerMomentum? = nil) {
    self.context = context
    if let momentum {
      self.momentum = momentum
    } else if case .fedSGD(let beta) = context.scenario.server.algorithm {
      self.momentum = WorkerMomentum(
        beta: beta, clientCount: 1, parameterCount: context.task.layout.count)
    } else {
      self.momentum = nil
    }
  }

  /// Returns local − global of the server's own training; `nil` without root data.
  func update(round: Int, global: [Float]) -> [Float]? {
    guard let root = context.data.root, let worker = context.workers.first else { return nil }
    let schedule = context.schedule(round: round)
    var random = context.seed.child("root").child(round).stream()
    var update = Float.zeros(global.count)
    worker.state.withLock { state in
      var target = update.mutableSpan
      if let momentum {
        state.trainer.computeGradient(
          at: global, inputs: root.inputs, labels: root.labels, schedule: schedule,
          random: &random)
        momentum.step(
          of: ClientID(0), gradient: state.trainer.lastGradient,
          learningRate: schedule.learningRate, into: &target)
      } else {
        state.trainer.train(
          from: global, inputs: root.inputs, labels: root.labels, schedule: schedule,
          random: &random)
        Vectors.subtract(state.trainer.parameters.span, global.span, into: &target)
      }
    }
    return update
  }
}
