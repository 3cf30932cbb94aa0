import Kernels

/// The products of a dense layer at batch 32, against the peak loop of the same moment.
struct GemmBench {
  private let shapes = [(784, 128), (64, 32), (32, 64), (64, 10), (32, 10)]
  private let batchCount = 32

  /// Measures and prints all shapes.
  func run(repetitions: Int) {
    var peaks: [Double] = []
    var lines: [String] = []
    for (inputCount, outputCount) in shapes {
      let layer = Layer(batchCount: batchCount, inputCount: inputCount, outputCount: outputCount)
      for product in Product.allCases {
        var speeds: [Double] = []
        var shares: [Double] = []
        let flops = Double(2 * batchCount * inputCount * outputCount)
        let calls = max(1, Int(0.4e-3 * 80e9 / flops))
        for _ in 0..<repetitions {
          // Before and after, so that a change of the clock between them cancels out.
          let before = PeakLoop.measure()
          let speed = flops / layer.seconds(product, calls: calls) * 1e-9
          let peak = (before + PeakLoop.measure()) / 2
          peaks.append(peak)
          speeds.append(speed)
          shares.append(100 * speed / peak)
        }
        lines.append(
          label("\(batchCount) x \(inputCount)x\(outputCount)", 14) + label(product.rawValue, 18)
            + column(median(speeds), 8) + " GFLOP/s" + column(median(shares), 8) + " %")
      }
    }
    print("register-only FMA loop, 256 bits: \(column(median(peaks), 0)) GFLOP/s (one core)")
    for line in lines { print(line) }
  }
}

private enum Product: String, CaseIterable {
  case forward
  case weightGradient = "weight gradient"
  case inputGradient = "input gradient"
}

/// One layer with random inputs and weights.
private struct Layer {
  let batchCount: Int
  let inputCount: Int
  let outputCount: Int

  /// Returns the seconds that one call of the product takes.
  func seconds(_ product: Product, calls: Int) -> Double {
    let inputs = sampleValues(batchCount * inputCount)
    let weights = sampleValues(inputCount * outputCount)
    let gradient = sampleValues(batchCount * outputCount)
    switch product {
    case .forward:
      let bias = sampleValues(outputCount)
      var outputs = [Float](repeating: 0, count: batchCount * outputCount)
      return secondsPerCall(calls: calls) {
        var result = outputs.mutableSpan
        Gemm.forward(
          inputs: inputs.span, weights: weights.span, bias: bias.span, into: &result,
          batchCount: batchCount, inputCount: inputCount, outputCount: outputCount)
      }
    case .weightGradient:
      var outputs = [Float](repeating: 0, count: inputCount * outputCount)
      return secondsPerCall(calls: calls) {
        var result = outputs.mutableSpan
        Gemm.weightGradient(
          inputs: inputs.span, outputGradient: gradient.span, into: &result,
          batchCount: batchCount, inputCount: inputCount, outputCount: outputCount)
      }
    case .inputGradient:
      var outputs = [Float](repeating: 0, count: batchCount * inputCount)
      var scratch = [Float](
        repeating: 0,
        count: Gemm.inputGradientScratchCount(inputCount: inputCount, outputCount: outputCount))
      return secondsPerCall(calls: calls) {
        var result = outputs.mutableSpan
        var transposed = scratch.mutableSpan
        Gemm.inputGradient(
          outputGradient: gradient.span, weights: weights.span, into: &result,
          scratch: &transposed,
          batchCount: batchCount, inputCount: inputCount, outputCount: outputCount)
      }
    }
  }
}

/// Returns values in −0.5 ..< 0.5 from a fixed sequence.
func sampleValues(_ count: Int) -> [Float] {
  var state: UInt64 = 1
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Float(state >> 40) * 0x1p-24 - 0.5
  }
}
