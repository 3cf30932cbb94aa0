import Kernels

/// The products of a dense layer at batch 32, against the peak loop of the same moment.
struct GemmBench {
  private let shapes = [
    (784, 128), (784, 100), (784, 256), (64, 32), (32, 64), (64, 10), (32, 10), (100, 10),
    (784, 1536), (784, 2000), (784, 2048), (784, 3072), (784, 4096), (2048, 128),
  ]
  private let batchCount = 32

  /// Measures and prints all shapes.
  func run(repetitions: Int) {
    var peaks: [Double] = []
    var lines: [String] = []
    for (inputCount, outputCount) in shapes {
      let layer = Layer(batchCount: batchCount, inputCount: inputCount, outputCount: outputCount)
      var result = layer.makeResult()
      var scratch = layer.makeScratch()
      for product in Product.allCases {
        var speeds: [Double] = []
        var shares: [Double] = []
        let flops = Double(2 * batchCount * inputCount * outputCount)
        let calls = max(4, Int(0.4e-3 * 80e9 / flops))
        // As much time for a wide layer as for a small one.
        for _ in 0..<(flops > 40e6 ? max(repetitions / 4, 1) : repetitions) {
          // Before and after, so that a change of the clock between them cancels out.
          let before = PeakLoop.measure()
          let seconds = layer.seconds(product, calls: calls, result: &result, scratch: &scratch)
          let speed = flops / seconds * 1e-9
          let peak = (before + PeakLoop.measure()) / 2
          peaks.append(peak)
          speeds.append(speed)
          shares.append(100 * speed / peak)
        }
        lines.append(
          label("\(batchCount) x \(inputCount) x \(outputCount)", 17) + label(product.rawValue, 18)
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
  private let inputs: [Float]
  private let weights: [Float]
  private let bias: [Float]
  private let gradient: [Float]

  init(batchCount: Int, inputCount: Int, outputCount: Int) {
    self.batchCount = batchCount
    self.inputCount = inputCount
    self.outputCount = outputCount
    inputs = sampleValues(batchCount * inputCount)
    weights = sampleValues(inputCount * outputCount)
    bias = sampleValues(outputCount)
    gradient = sampleValues(batchCount * outputCount)
  }

  /// Room for the result of any of the products.
  func makeResult() -> [Float] {
    let sizes = [batchCount * outputCount, inputCount * outputCount, batchCount * inputCount]
    return [Float](repeating: 0, count: sizes.max() ?? 0)
  }

  /// Room for the scratch of any of the products.
  func makeScratch() -> [Float] {
    let counts = [
      Gemm.forwardScratchCount(inputCount: inputCount, outputCount: outputCount),
      Gemm.weightGradientScratchCount(inputCount: inputCount, outputCount: outputCount),
      Gemm.inputGradientScratchCount(inputCount: inputCount, outputCount: outputCount),
    ]
    return [Float](repeating: 0, count: counts.max() ?? 0)
  }

  /// Returns the seconds that one call of the product takes.
  func seconds(
    _ product: Product, calls: Int, result: inout [Float], scratch: inout [Float]
  ) -> Double {
    var all = result.mutableSpan
    var room = scratch.mutableSpan
    switch product {
    case .forward:
      return secondsPerCall(calls: calls) {
        Gemm.forward(
          inputs: inputs.span, weights: weights.span, bias: bias.span, into: &all, scratch: &room,
          batchCount: batchCount, inputCount: inputCount, outputCount: outputCount)
      }
    case .weightGradient:
      var target = all._mutatingExtracting(0..<inputCount * outputCount)
      return secondsPerCall(calls: calls) {
        Gemm.weightGradient(
          inputs: inputs.span, outputGradient: gradient.span, into: &target, scratch: &room,
          batchCount: batchCount, inputCount: inputCount, outputCount: outputCount)
      }
    case .inputGradient:
      return secondsPerCall(calls: calls) {
        Gemm.inputGradient(
          outputGradient: gradient.span, weights: weights.span, into: &all, scratch: &room,
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
