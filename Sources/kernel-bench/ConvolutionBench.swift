import Kernels

/// The passes of convolutions of known networks, against the peak loop of the same moment.
struct ConvolutionBench {
  private let layers: [(name: String, batchCount: Int, shape: ConvolutionShape)] = [
    ("LeNet-5, first", 64, Self.shape(28, 1, 6, kernel: 5, padding: 2)),
    ("LeNet-5, second", 25, Self.shape(14, 6, 16, kernel: 5)),
    ("LeNet-5, second", 64, Self.shape(14, 6, 16, kernel: 5)),
    ("cnn-mnist, first", 25, Self.shape(28, 1, 20, kernel: 5)),
    ("cnn-mnist, second", 25, Self.shape(12, 20, 50, kernel: 5)),
    ("cnn-mnist, second", 64, Self.shape(12, 20, 50, kernel: 5)),
    ("ResNet, 16 channels", 32, Self.shape(32, 16, 16, kernel: 3, padding: 1)),
    ("ResNet, 64 channels", 32, Self.shape(8, 64, 64, kernel: 3, padding: 1)),
    ("ResNet, stride 2", 32, Self.shape(32, 16, 32, kernel: 3, stride: 2, padding: 1)),
  ]

  private static func shape(
    _ side: Int, _ channels: Int, _ outputs: Int, kernel: Int, stride: Int = 1, padding: Int = 0
  ) -> ConvolutionShape {
    ConvolutionShape(
      height: side, width: side, channels: channels, outputChannels: outputs,
      kernelHeight: kernel, kernelWidth: kernel, stride: stride, padding: padding)
  }

  /// Measures and prints all passes.
  ///
  /// Products with padding count, though the gradient by the inputs leaves them out: its share may
  /// be above 100 %.
  func run(repetitions: Int) {
    for (name, batchCount, shape) in layers {
      let inputs = sampleValues(batchCount * shape.paddedCount)
      let weights = sampleValues(shape.weightCount)
      let bias = sampleValues(shape.outputChannels)
      let gradient = sampleValues(batchCount * shape.outputCount)
      var outputs = [Float](repeating: 0, count: batchCount * shape.outputCount)
      var byWeights = [Float](repeating: 0, count: shape.weightCount)
      var byInputs = [Float](repeating: 0, count: batchCount * shape.inputCount)
      var scratch = [Float](
        repeating: 0,
        count: max(
          Convolution.forwardScratchCount(shape), Convolution.weightGradientScratchCount(shape),
          Convolution.inputGradientScratchCount(shape)))
      let products = Double(batchCount * shape.productCount)
      report(name, batchCount, "forward", repetitions, products) {
        var target = outputs.mutableSpan
        var room = scratch.mutableSpan
        Convolution.forward(
          inputs: inputs.span, weights: weights.span, bias: bias.span, into: &target,
          scratch: &room, batchCount: batchCount, shape: shape)
      }
      report(name, batchCount, "weight gradient", repetitions, products) {
        var target = byWeights.mutableSpan
        var room = scratch.mutableSpan
        Convolution.weightGradient(
          inputs: inputs.span, outputGradient: gradient.span, into: &target, scratch: &room,
          batchCount: batchCount, shape: shape)
      }
      report(name, batchCount, "input gradient", repetitions, products) {
        var target = byInputs.mutableSpan
        var room = scratch.mutableSpan
        Convolution.inputGradient(
          outputGradient: gradient.span, weights: weights.span, into: &target, scratch: &room,
          batchCount: batchCount, shape: shape)
      }
    }
  }

  private func report(
    _ name: String, _ batchCount: Int, _ pass: String, _ repetitions: Int, _ products: Double,
    _ body: () -> Void
  ) {
    let calls = max(1, Int(20e6 / products))
    var speeds: [Double] = []
    var shares: [Double] = []
    for _ in 0..<repetitions {
      let before = PeakLoop.measure()
      let speed = 2 * products / secondsPerCall(calls: calls, body) * 1e-9
      speeds.append(speed)
      shares.append(200 * speed / (before + PeakLoop.measure()))
    }
    print(
      label("\(name), \(batchCount)", 25) + label(pass, 18) + column(median(speeds), 8)
        + " GFLOP/s" + column(median(shares), 8) + " %")
  }
}
