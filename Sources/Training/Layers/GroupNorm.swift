import Kernels
public import Tensors

/// Group normalization with a scale (`weight`, 1 at first) and a shift (`bias`, 0 at first) per channel.
///
/// The features of a vector count as channels at one place.
public struct GroupNorm: Layer {
  public let outputShape: InputShape
  private let shape: GroupNormalizationShape

  /// - Precondition: `groups` divides the channels.
  public init(_ input: InputShape, groups: Int) {
    outputShape = input
    let channels = Self.channels(of: input)
    shape = GroupNormalizationShape(
      places: input.count / channels, channels: channels, groups: groups)
  }

  /// The values of an image that lie at one place; all of a vector.
  static func channels(of input: InputShape) -> Int {
    switch input {
    case .vector(let count): count
    case .image(_, _, let channels): channels
    }
  }

  public var tensors: [LayerTensor] {
    [
      LayerTensor("weight", shape: [shape.channels], start: .constant(1)),
      LayerTensor("bias", shape: [shape.channels], start: .constant(0)),
    ]
  }

  /// Both gradients are made of the same sums.
  public var preparesInputGradient: Bool { true }

  public func makeMemory(batchSize: Int) -> LayerMemory {
    LayerMemory(
      batchSize: batchSize, outputCount: shape.valueCount,
      savedCount: batchSize * shape.stateCount)
  }

  public func forward(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memory: inout LayerMemory,
    pass: inout LayerPass
  ) {
    forward(inputs, count, parameters, &memory.outputs, &memory.saved)
  }

  private func forward(
    _ inputs: Span<Float>, _ count: Int, _ parameters: Span<Float>, _ outputs: inout [Float],
    _ state: inout [Float]
  ) {
    var outputs = outputs.mutableSpan
    var state = state.mutableSpan
    GroupNormalization.forward(
      inputs, scale: parameters.extracting(0..<shape.channels),
      shift: parameters.extracting(shape.channels..<2 * shape.channels), into: &outputs,
      state: &state, batchCount: count, shape: shape)
  }

  public func parameterGradient(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memory: inout LayerMemory,
    into gradient: inout MutableSpan<Float>, pass: inout LayerPass
  ) {
    sums(inputs, count, memory.outputGradient, &memory.saved)
    guard gradient.count > 0 else { return }
    GroupNormalization.parameterGradient(
      into: &gradient, state: memory.saved.span, batchCount: count, shape: shape)
  }

  private func sums(
    _ inputs: Span<Float>, _ count: Int, _ outputGradient: [Float], _ state: inout [Float]
  ) {
    var state = state.mutableSpan
    GroupNormalization.sums(
      outputGradient: outputGradient.span, inputs: inputs, state: &state, batchCount: count,
      shape: shape)
  }

  public func inputGradient(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memory: inout LayerMemory,
    into gradient: inout MutableSpan<Float>, pass: inout LayerPass
  ) {
    GroupNormalization.inputGradient(
      outputGradient: memory.outputGradient.span, inputs: inputs,
      scale: parameters.extracting(0..<shape.channels), state: memory.saved.span,
      into: &gradient, batchCount: count, shape: shape)
  }
}
