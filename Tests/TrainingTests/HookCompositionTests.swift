import Determinism
import Testing
import Training

@Suite struct HookCompositionTests {
  /// Multiplies by a factor or adds to it, so that order shows.
  private struct Affine: LocalTrainingHook {
    let factor: Float
    let shift: Float
    var stopsAt = Int.max
    var isReading = false
    var asked = 0

    var readsLoss: Bool { isReading }

    mutating func adjustBatch(
      _ inputs: inout MutableSpan<Float>, labels: inout MutableSpan<Int>,
      random: inout RandomStream, step _: LocalStep
    ) {
      for index in inputs.indices { inputs[index] = inputs[index] * factor + shift }
      for index in labels.indices { labels[index] += random.index(below: 100) }
    }

    mutating func shouldStop(afterLoss _: Double, step: LocalStep) -> Bool {
      asked += 1
      return step.index == stopsAt
    }

    mutating func adjustGradient(
      _ gradient: inout MutableSpan<Float>, at _: Span<Float>, anchor _: Span<Float>,
      step _: LocalStep
    ) {
      for index in gradient.indices { gradient[index] = gradient[index] * factor + shift }
    }

    mutating func adjustParameters(
      _ parameters: inout MutableSpan<Float>, anchor: Span<Float>, step _: LocalStep
    ) {
      for index in parameters.indices {
        parameters[index] = parameters[index] * factor + shift + anchor[index]
      }
    }
  }

  private static let doubling = Affine(factor: 2, shift: 0)
  private static let adding = Affine(factor: 1, shift: 3)
  private let step = LocalStep(index: 0, learningRate: 0.1)

  /// What a hook makes of 1 as an input, a gradient and a parameter, and of the label 0.
  private func effect(_ hook: some LocalTrainingHook) -> [Float] {
    var hook = hook
    var (inputs, labels): ([Float], [Int]) = ([1], [0])
    var (gradient, parameters): ([Float], [Float]) = ([1], [1])
    let anchor: [Float] = [0]
    var random = SeedPath(root: 1).stream()
    var inputSpan = inputs.mutableSpan
    var labelSpan = labels.mutableSpan
    hook.adjustBatch(&inputSpan, labels: &labelSpan, random: &random, step: step)
    var gradientSpan = gradient.mutableSpan
    hook.adjustGradient(&gradientSpan, at: anchor.span, anchor: anchor.span, step: step)
    var parameterSpan = parameters.mutableSpan
    hook.adjustParameters(&parameterSpan, anchor: anchor.span, step: step)
    return [inputs[0], Float(labels[0]), gradient[0], parameters[0]]
  }

  @Test func `the first hook acts before the second in every place`() {
    let (a, b) = (Self.doubling, Self.adding)
    let pair = effect(HookPair(a, b))
    #expect(pair[0] == 5 && pair[2] == 5 && pair[3] == 5)
    #expect(effect(HookList([a, b])) == pair)
    let swapped = effect(HookPair(b, a))
    #expect(swapped[0] == 8 && swapped[2] == 8 && swapped[3] == 8)
    #expect(effect(HookList([b, a])) == swapped)
  }

  @Test func `nests and lists of one or none are what they hold`() {
    let (a, b) = (Self.doubling, Self.adding)
    #expect(effect(HookList([HookPair(a, b)])) == effect(HookPair(a, b)))
    #expect(effect(HookPair(a, HookList([b, a]))) == effect(HookList([a, b, a])))
    #expect(effect(HookList([a])) == effect(a))
    #expect(effect(HookList()) == effect(NoHook()))
    #expect(effect(HookPair(NoHook(), b)) == effect(b))
  }

  @Test func `both are asked whether to stop, and either stops`() {
    func reading(_ last: Int) -> Affine {
      Affine(factor: 1, shift: 0, stopsAt: last, isReading: true)
    }
    for (first, second, stops) in [(0, 9, true), (9, 0, true), (0, 0, true), (9, 9, false)] {
      var pair = HookPair(reading(first), reading(second))
      #expect(pair.readsLoss)
      #expect(pair.shouldStop(afterLoss: 1, step: step) == stops)
      #expect(pair.first.asked == 1 && pair.second.asked == 1)
      var list = HookList([reading(first), reading(second)])
      #expect(list.readsLoss)
      #expect(list.shouldStop(afterLoss: 1, step: step) == stops)
    }
  }

  @Test func `a hook that does not read the loss is not asked`() {
    let silent = Affine(factor: 1, shift: 0, stopsAt: 0)
    var pair = HookPair(silent, Affine(factor: 1, shift: 0, isReading: true))
    #expect(pair.readsLoss && !pair.shouldStop(afterLoss: 1, step: step))
    #expect(pair.first.asked == 0 && pair.second.asked == 1)
    #expect(!HookPair(silent, silent).readsLoss && !HookList([silent]).readsLoss)
  }
}
