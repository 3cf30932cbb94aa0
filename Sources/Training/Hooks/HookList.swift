public import Determinism

/// Any number of hooks as one, acting in their order; for lists that are known when a run starts.
///
/// Each call goes through an existential, once per step and hook.
public struct HookList: LocalTrainingHook {
  public var hooks: [any LocalTrainingHook]

  public init(_ hooks: [any LocalTrainingHook] = []) {
    self.hooks = hooks
  }

  public var replacesLoss: Bool { hooks.contains { $0.replacesLoss } }

  public mutating func differentiate(
    inputs: Span<Float>, labels: Span<Int>, at parameters: Span<Float>, model: any Model,
    into gradient: inout MutableSpan<Float>, workspace: inout ModelWorkspace
  ) {
    guard let index = hooks.firstIndex(where: { $0.replacesLoss }) else {
      model.gradient(
        inputs: inputs, labels: labels, parameters: parameters, into: &gradient,
        workspace: &workspace)
      return
    }
    hooks[index].differentiate(
      inputs: inputs, labels: labels, at: parameters, model: model, into: &gradient,
      workspace: &workspace)
  }

  public var readsLoss: Bool { hooks.contains { $0.readsLoss } }

  public mutating func adjustBatch(
    _ inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int>,
    random: inout RandomStream, step: LocalStep
  ) {
    for index in hooks.indices {
      hooks[index].adjustBatch(&inputs, labels: &labels, random: &random, step: step)
    }
  }

  public mutating func shouldStop(afterLoss loss: Double, step: LocalStep) -> Bool {
    var stops = false
    for index in hooks.indices where hooks[index].readsLoss {
      stops = hooks[index].shouldStop(afterLoss: loss, step: step) || stops
    }
    return stops
  }

  public mutating func adjustGradient(
    _ gradient: inout MutableSpan<Float>, at parameters: Span<Float>, anchor: Span<Float>,
    step: LocalStep
  ) {
    for index in hooks.indices {
      hooks[index].adjustGradient(&gradient, at: parameters, anchor: anchor, step: step)
    }
  }

  public mutating func adjustParameters(
    _ parameters: inout MutableSpan<Float>, anchor: Span<Float>, step: LocalStep
  ) {
    for index in hooks.indices {
      hooks[index].adjustParameters(&parameters, anchor: anchor, step: step)
    }
  }
}
