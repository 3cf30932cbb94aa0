public import Determinism

/// Two hooks as one: the first acts before the second in every place.
///
/// Training ends where either of them says so; both are asked. Where both replace the loss, the first
/// does.
public struct HookPair<First: LocalTrainingHook, Second: LocalTrainingHook>: LocalTrainingHook {
  public var first: First
  public var second: Second

  public init(_ first: First, _ second: Second) {
    self.first = first
    self.second = second
  }

  public var replacesLoss: Bool { first.replacesLoss || second.replacesLoss }

  public mutating func differentiate(
    inputs: Span<Float>, labels: Span<Int>, at parameters: Span<Float>, model: any Model,
    into gradient: inout MutableSpan<Float>, workspace: inout ModelWorkspace
  ) {
    if first.replacesLoss || !second.replacesLoss {
      first.differentiate(
        inputs: inputs, labels: labels, at: parameters, model: model, into: &gradient,
        workspace: &workspace)
    } else {
      second.differentiate(
        inputs: inputs, labels: labels, at: parameters, model: model, into: &gradient,
        workspace: &workspace)
    }
  }

  public var readsLoss: Bool { first.readsLoss || second.readsLoss }

  public mutating func adjustBatch(
    _ inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int>,
    random: inout RandomStream, step: LocalStep
  ) {
    first.adjustBatch(&inputs, labels: &labels, random: &random, step: step)
    second.adjustBatch(&inputs, labels: &labels, random: &random, step: step)
  }

  public mutating func shouldStop(afterLoss loss: Double, step: LocalStep) -> Bool {
    let stops = first.readsLoss && first.shouldStop(afterLoss: loss, step: step)
    return second.readsLoss && second.shouldStop(afterLoss: loss, step: step) || stops
  }

  public mutating func adjustGradient(
    _ gradient: inout MutableSpan<Float>, at parameters: Span<Float>, anchor: Span<Float>,
    step: LocalStep
  ) {
    first.adjustGradient(&gradient, at: parameters, anchor: anchor, step: step)
    second.adjustGradient(&gradient, at: parameters, anchor: anchor, step: step)
  }

  public mutating func adjustParameters(
    _ parameters: inout MutableSpan<Float>, anchor: Span<Float>, step: LocalStep
  ) {
    first.adjustParameters(&parameters, anchor: anchor, step: step)
    second.adjustParameters(&parameters, anchor: anchor, step: step)
  }
}
