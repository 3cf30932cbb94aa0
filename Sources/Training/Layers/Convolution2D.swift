import Kernels
public import Tensors

/// A two-dimensional convolution, with a bias per output channel or without.
///
/// The weight is kernel height × kernel width × input channels × output channels, row-major, before
/// the bias; PyTorch's order of the same axes is 3, 2, 0, 1.
public struct Convolution2D: Layer {
  private let shape: ConvolutionShape
  private let hasBias: Bool

  /// - Precondition: `ConvolutionShape`'s.
  public init(
    height: Int, width: Int, channels: Int, outputChannels: Int, kernel: Int, stride: Int = 1,
    padding: Int = 0, hasBias: Bool = true
  ) {
    self.hasBias = hasBias
    shape = ConvolutionShape(
      height: height, width: width, channels: channels, outputChannels: outputChannels,
      kernelHeight: kernel, kernelWidth: kernel, stride: stride, padding: padding)
  }

  public var outputShape: InputShape {
    .image(
      height: shape.outputHeight, width: shape.outputWidth, channels: shape.outputChannels)
  }

  public var tensors: [LayerTensor] {
    let place = shape.kernelHeight * shape.kernelWidth
    let weight = LayerTensor(
      "weight",
      shape: [shape.kernelHeight, shape.kernelWidth, shape.channels, shape.outputChannels],
      start: .weight(inputs: place * shape.channels, outputs: place * shape.outputChannels))
    guard hasBias else { return [weight] }
    return [
      weight,
      LayerTensor(
        "bias", shape: [shape.outputChannels], start: .bias(inputs: place * shape.channels)),
    ]
  }

  public var productsPerExample: Double {
    Double(shape.outputHeight * shape.outputWidth) * Double(shape.weightCount)
  }

  public var scratchCount: Int {
    max(
      Convolution.forwardScratchCount(shape), Convolution.weightGradientScratchCount(shape),
      Convolution.inputGradientScratchCount(shape))
  }

  public func makeMemory(batchSize: Int) -> LayerMemory {
    LayerMemory(
      batchSize: batchSize, outputCount: shape.outputCount,
      savedCount: shape.padding > 0 ? batchSize * shape.paddedCount : 0)
  }

  public func forward(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memory: inout LayerMemory,
    pass: inout LayerPass
  ) {
    guard shape.padding > 0 else {
      forward(inputs, count, parameters, &memory.outputs, &pass.scratch)
      return
    }
    pad(inputs, count, into: &memory.saved)
    let padded = memory.saved
    forward(padded.span, count, parameters, &memory.outputs, &pass.scratch)
  }

  private func pad(_ inputs: Span<Float>, _ count: Int, into padded: inout [Float]) {
    var padded = padded.mutableSpan
    Convolution.pad(inputs, into: &padded, batchCount: count, shape: shape)
  }

  private func forward(
    _ inputs: Span<Float>, _ count: Int, _ parameters: Span<Float>, _ outputs: inout [Float],
    _ scratch: inout [Float]
  ) {
    var outputs = outputs.mutableSpan
    var room = scratch.mutableSpan
    Convolution.forward(
      inputs: inputs, weights: parameters.extracting(0..<shape.weightCount),
      bias: parameters.extracting(shape.weightCount..<parameters.count), into: &outputs,
      scratch: &room, batchCount: count, shape: shape)
  }

  public func parameterGradient(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memory: inout LayerMemory,
    into gradient: inout MutableSpan<Float>, pass: inout LayerPass
  ) {
    let outputGradient = memory.outputGradient.span
    var weight = gradient._mutatingExtracting(0..<shape.weightCount)
    if shape.padding > 0 {
      weightGradient(memory.saved.span, outputGradient, count, &weight, &pass.scratch)
    } else {
      weightGradient(inputs, outputGradient, count, &weight, &pass.scratch)
    }
    guard hasBias else { return }
    var bias = gradient._mutatingExtracting(shape.weightCount..<gradient.count)
    Gemm.biasGradient(
      outputGradient: outputGradient, into: &bias,
      batchCount: count * shape.outputHeight * shape.outputWidth,
      outputCount: shape.outputChannels)
  }

  private func weightGradient(
    _ inputs: Span<Float>, _ outputGradient: Span<Float>, _ count: Int,
    _ gradient: inout MutableSpan<Float>, _ scratch: inout [Float]
  ) {
    var room = scratch.mutableSpan
    Convolution.weightGradient(
      inputs: inputs, outputGradient: outputGradient, into: &gradient, scratch: &room,
      batchCount: count, shape: shape)
  }

  public func inputGradient(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memory: inout LayerMemory,
    into gradient: inout MutableSpan<Float>, pass: inout LayerPass
  ) {
    var room = pass.scratch.mutableSpan
    Convolution.inputGradient(
      outputGradient: memory.outputGradient.span,
      weights: parameters.extracting(0..<shape.weightCount), into: &gradient, scratch: &room,
      batchCount: count, shape: shape)
  }
}
