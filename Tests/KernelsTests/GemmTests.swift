import Kernels
import Testing

/// Sizes around the tile (six rows), the lane count (eight) and the strip (sixteen columns).
private let batchCounts = [0, 1, 5, 6, 7, 8, 11, 12, 17, 32]
private let inputCounts = [0, 1, 7, 8, 9, 15, 16, 17, 33, 64]
private let outputCounts = [0, 1, 3, 7, 8, 9, 10, 15, 16, 17, 24, 25, 31, 32, 33]

@Suite struct GemmTests {
  @Test(arguments: batchCounts, inputCounts)
  func `the forward product has the bits of its reference`(batchCount: Int, inputCount: Int) {
    for outputCount in outputCounts {
      let inputs = sampleValues(batchCount * inputCount, seed: 1)
      let weights = sampleValues(inputCount * outputCount, seed: 2)
      let bias = sampleValues(outputCount, seed: 3)
      var outputs = [Float](repeating: 7, count: batchCount * outputCount)
      var span = outputs.mutableSpan
      var room = MutableSpan<Float>()
      Gemm.forward(
        inputs: inputs.span, weights: weights.span, bias: bias.span, into: &span, scratch: &room,
        batchCount: batchCount, inputCount: inputCount, outputCount: outputCount)
      let reference = Gemm.Reference.forward(
        inputs: inputs, weights: weights, bias: bias,
        batchCount: batchCount, inputCount: inputCount, outputCount: outputCount)
      #expect(outputs.bits == reference.bits, "\(batchCount) × \(inputCount) → \(outputCount)")
    }
  }

  @Test(arguments: batchCounts, inputCounts)
  func `the weight gradient has the bits of its reference`(batchCount: Int, inputCount: Int) {
    for outputCount in outputCounts {
      let inputs = sampleValues(batchCount * inputCount, seed: 1)
      let outputGradient = sampleValues(batchCount * outputCount, seed: 2)
      var gradient = [Float](repeating: 7, count: inputCount * outputCount)
      var span = gradient.mutableSpan
      var room = MutableSpan<Float>()
      Gemm.weightGradient(
        inputs: inputs.span, outputGradient: outputGradient.span, into: &span, scratch: &room,
        batchCount: batchCount, inputCount: inputCount, outputCount: outputCount)
      let reference = Gemm.Reference.weightGradient(
        inputs: inputs, outputGradient: outputGradient,
        batchCount: batchCount, inputCount: inputCount, outputCount: outputCount)
      #expect(gradient.bits == reference.bits, "\(batchCount) × \(inputCount) → \(outputCount)")
    }
  }

  /// Sizes around the blocks (48 × 512 forward, 64 × 512 and 48 rows for the gradient).
  @Test(arguments: [1, 32, 65], [(97, 2765), (300, 1024), (4100, 65)])
  func `wide layers have the bits of their references`(batchCount: Int, layer: (Int, Int)) {
    let (inputCount, outputCount) = layer
    let inputs = sampleValues(batchCount * inputCount, seed: 1)
    let weights = sampleValues(inputCount * outputCount, seed: 2)
    let bias = sampleValues(outputCount, seed: 3)
    let outputGradient = sampleValues(batchCount * outputCount, seed: 4)
    var scratch = [Float](
      repeating: .nan,
      count: Gemm.forwardScratchCount(inputCount: inputCount, outputCount: outputCount))
    #expect(!scratch.isEmpty)
    var outputs = [Float](repeating: 7, count: batchCount * outputCount)
    var span = outputs.mutableSpan
    var room = scratch.mutableSpan
    Gemm.forward(
      inputs: inputs.span, weights: weights.span, bias: bias.span, into: &span, scratch: &room,
      batchCount: batchCount, inputCount: inputCount, outputCount: outputCount)
    let reference = Gemm.Reference.forward(
      inputs: inputs, weights: weights, bias: bias,
      batchCount: batchCount, inputCount: inputCount, outputCount: outputCount)
    #expect(outputs.bits == reference.bits)

    scratch = [Float](
      repeating: .nan,
      count: Gemm.weightGradientScratchCount(inputCount: inputCount, outputCount: outputCount))
    #expect(!scratch.isEmpty)
    var gradient = [Float](repeating: 7, count: inputCount * outputCount)
    span = gradient.mutableSpan
    room = scratch.mutableSpan
    Gemm.weightGradient(
      inputs: inputs.span, outputGradient: outputGradient.span, into: &span, scratch: &room,
      batchCount: batchCount, inputCount: inputCount, outputCount: outputCount)
    let gradientReference = Gemm.Reference.weightGradient(
      inputs: inputs, outputGradient: outputGradient,
      batchCount: batchCount, inputCount: inputCount, outputCount: outputCount)
    #expect(gradient.bits == gradientReference.bits)
  }

  @Test func `a wide layer without samples has no outputs and a gradient of zeros`() {
    let values: [Float] = []
    let weights = [Float](repeating: 1, count: 300_000)
    let bias = [Float](repeating: 1, count: 500)
    var scratch = [Float](
      repeating: .nan, count: Gemm.forwardScratchCount(inputCount: 600, outputCount: 500))
    var outputs: [Float] = [7]
    var span = outputs.mutableSpan
    var room = scratch.mutableSpan
    Gemm.forward(
      inputs: values.span, weights: weights.span, bias: bias.span, into: &span, scratch: &room,
      batchCount: 0, inputCount: 600, outputCount: 500)
    #expect(outputs == [7])

    var gradient = [Float](repeating: 7, count: 300_000)
    span = gradient.mutableSpan
    room = scratch.mutableSpan
    Gemm.weightGradient(
      inputs: values.span, outputGradient: values.span, into: &span, scratch: &room,
      batchCount: 0, inputCount: 600, outputCount: 500)
    #expect(gradient == [Float](repeating: 0, count: 300_000))
  }

  @Test(arguments: batchCounts, inputCounts)
  func `the input gradient has the bits of its reference`(batchCount: Int, inputCount: Int) {
    for outputCount in outputCounts {
      let outputGradient = sampleValues(batchCount * outputCount, seed: 1)
      let weights = sampleValues(inputCount * outputCount, seed: 2)
      var gradient = [Float](repeating: 7, count: batchCount * inputCount)
      var scratch = [Float](
        repeating: .nan,
        count: Gemm.inputGradientScratchCount(inputCount: inputCount, outputCount: outputCount))
      var span = gradient.mutableSpan
      var scratchSpan = scratch.mutableSpan
      Gemm.inputGradient(
        outputGradient: outputGradient.span, weights: weights.span, into: &span,
        scratch: &scratchSpan,
        batchCount: batchCount, inputCount: inputCount, outputCount: outputCount)
      let reference = Gemm.Reference.inputGradient(
        outputGradient: outputGradient, weights: weights,
        batchCount: batchCount, inputCount: inputCount, outputCount: outputCount)
      #expect(gradient.bits == reference.bits, "\(batchCount) × \(inputCount) ← \(outputCount)")
    }
  }

  @Test(arguments: batchCounts, outputCounts)
  func `the bias gradient has the bits of its reference`(batchCount: Int, outputCount: Int) {
    let outputGradient = sampleValues(batchCount * outputCount)
    var gradient = [Float](repeating: 7, count: outputCount)
    var span = gradient.mutableSpan
    Gemm.biasGradient(
      outputGradient: outputGradient.span, into: &span,
      batchCount: batchCount, outputCount: outputCount)
    let reference = Gemm.Reference.biasGradient(
      outputGradient: outputGradient, batchCount: batchCount, outputCount: outputCount)
    #expect(gradient.bits == reference.bits)
  }

  @Test(arguments: [1, 10, 16, 24])
  func `rows behind the batch stay as they are`(outputCount: Int) {
    let inputs = sampleValues(9 * 4)
    let weights = sampleValues(4 * outputCount)
    let bias = sampleValues(outputCount)
    var outputs = [Float](repeating: 7, count: 9 * outputCount)
    var span = outputs.mutableSpan
    var room = MutableSpan<Float>()
    Gemm.forward(
      inputs: inputs.span, weights: weights.span, bias: bias.span, into: &span, scratch: &room,
      batchCount: 5, inputCount: 4, outputCount: outputCount)
    #expect(outputs[..<(5 * outputCount)].allSatisfy { $0 != 7 })
    #expect(outputs[(5 * outputCount)...].allSatisfy { $0 == 7 })
  }

  @Test func `products of small whole numbers are exact`() {
    let inputs: [Float] = [1, 2, 3, 4]
    let weights: [Float] = [5, 6, 7, 8]
    let bias: [Float] = [10, 20]
    var outputs = [Float](repeating: 0, count: 4)
    var span = outputs.mutableSpan
    var room = MutableSpan<Float>()
    Gemm.forward(
      inputs: inputs.span, weights: weights.span, bias: bias.span, into: &span, scratch: &room,
      batchCount: 2, inputCount: 2, outputCount: 2)
    #expect(outputs == [29, 42, 53, 70])
  }

  @Test func `sizes that do not fit are refused`() async {
    await #expect(processExitsWith: .failure) {
      let values = [Float](repeating: 0, count: 6)
      var outputs = values
      var span = outputs.mutableSpan
      var room = MutableSpan<Float>()
      Gemm.forward(
        inputs: values.span, weights: values.span, bias: values.span, into: &span, scratch: &room,
        batchCount: 2, inputCount: 3, outputCount: 3)
    }
    await #expect(processExitsWith: .failure) {
      let values: [Float] = []
      var gradient: [Float] = []
      var span = gradient.mutableSpan
      Gemm.biasGradient(
        outputGradient: values.span, into: &span, batchCount: -1, outputCount: 0)
    }
  }
}
