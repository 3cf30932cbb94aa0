import Kernels
public import Tensors

/// A dense layer: `outputs = inputs · weight + bias`.
///
/// The weight is inputs × outputs, row-major, before the bias.
public struct Dense: Layer {
  public let inputCount: Int
  public let outputCount: Int

  /// - Precondition: Both counts are positive.
  public init(inputs: Int, outputs: Int) {
    precondition(inputs > 0 && outputs > 0, "Dense: \(inputs) inputs and \(outputs) outputs")
    inputCount = inputs
    outputCount = outputs
  }

  public var outputShape: InputShape { .vector(outputCount) }

  public var tensors: [LayerTensor] {
    [
      LayerTensor(
        "weight", shape: [inputCount, outputCount],
        start: .weight(inputs: inputCount, outputs: outputCount)),
      LayerTensor("bias", shape: [outputCount], start: .bias(inputs: inputCount)),
    ]
  }

  public var scratchCount: Int {
    max(
      Gemm.forwardScratchCount(inputCount: inputCount, outputCount: outputCount),
      Gemm.weightGradientScratchCount(inputCount: inputCount, outputCount: outputCount),
      Gemm.inputGradientScratchCount(inputCount: inputCount, outputCount: outputCount))
  }

  public var productsPerExample: Double { Double(weightCount) }

  private var weightCount: Int { inputCount * outputCount }

  public func forward(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memory: inout LayerMemory,
    pass: inout LayerPass
  ) {
    var outputs = memory.outputs.mutableSpan
    var room = pass.scratch.mutableSpan
    Gemm.forward(
      inputs: inputs, weights: parameters.extracting(0..<weightCount),
      bias: parameters.extracting(weightCount..<weightCount + outputCount), into: &outputs,
      scratch: &room, batchCount: count, inputCount: inputCount, outputCount: outputCount)
  }

  public func parameterGradient(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memory: inout LayerMemory,
    into gradient: inout MutableSpan<Float>, pass: inout LayerPass
  ) {
    let outputGradient = memory.outputGradient.span
    var weight = gradient._mutatingExtracting(0..<weightCount)
    var room = pass.scratch.mutableSpan
    Gemm.weightGradient(
      inputs: inputs, outputGradient: outputGradient, into: &weight, scratch: &room,
      batchCount: count, inputCount: inputCount, outputCount: outputCount)
    var bias = gradient._mutatingExtracting(weightCount..<weightCount + outputCount)
    Gemm.biasGradient(
      outputGradient: outputGradient, into: &bias, batchCount: count, outputCount: outputCount)
  }

  public func inputGradient(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memory: inout LayerMemory,
    into gradient: inout MutableSpan<Float>, pass: inout LayerPass
  ) {
    var room = pass.scratch.mutableSpan
    Gemm.inputGradient(
      outputGradient: memory.outputGradient.span,
      weights: parameters.extracting(0..<weightCount), into: &gradient, scratch: &room,
      batchCount: count, inputCount: inputCount, outputCount: outputCount)
  }
}
