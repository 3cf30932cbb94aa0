import Kernels
public import Tensors

/// Maximum or average over windows of an image.
public struct Pooling2D: Layer {
  /// What a window gives.
  public enum Kind: Sendable, Hashable {
    /// Its largest value.
    case maximum
    /// Its mean.
    case average
  }

  private let kind: Kind
  private let shape: PoolingShape

  /// - Precondition: `PoolingShape`'s.
  public init(
    _ kind: Kind, height: Int, width: Int, channels: Int, windowHeight: Int, windowWidth: Int,
    stride: Int
  ) {
    self.kind = kind
    shape = PoolingShape(
      height: height, width: width, channels: channels, windowHeight: windowHeight,
      windowWidth: windowWidth, stride: stride)
  }

  public var outputShape: InputShape {
    .image(height: shape.outputHeight, width: shape.outputWidth, channels: shape.channels)
  }

  public func forward(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memory: inout LayerMemory,
    pass: inout LayerPass
  ) {
    var outputs = memory.outputs.mutableSpan
    switch kind {
    case .maximum: Pooling.maximum(inputs, into: &outputs, batchCount: count, shape: shape)
    case .average: Pooling.average(inputs, into: &outputs, batchCount: count, shape: shape)
    }
  }

  public func inputGradient(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memory: inout LayerMemory,
    into gradient: inout MutableSpan<Float>, pass: inout LayerPass
  ) {
    switch kind {
    case .maximum:
      Pooling.maximumGradient(
        outputGradient: memory.outputGradient.span, inputs: inputs, outputs: memory.outputs.span,
        into: &gradient, batchCount: count, shape: shape)
    case .average:
      Pooling.averageGradient(
        outputGradient: memory.outputGradient.span, into: &gradient, batchCount: count,
        shape: shape)
    }
  }
}
