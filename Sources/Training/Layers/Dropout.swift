import Determinism
import Kernels
public import Tensors

/// Sets each value to +0 with a probability, in training, and divides the others by the probability
/// that they stay (Srivastava et al., JMLR 15, 2014; inverted, so that evaluation needs no factor).
///
/// Draws one 32-bit word per value, in the order of the values.
public struct Dropout: Layer {
  public let outputShape: InputShape
  /// How many of 2³² words drop a value.
  private let threshold: UInt64
  private let factor: Float

  /// - Precondition: `0 <= probability < 1`
  public init(_ shape: InputShape, probability: Double) {
    precondition((0..<1).contains(probability), "Dropout: a probability of \(probability)")
    outputShape = shape
    threshold = UInt64(probability * 0x1p32)
    factor = Float(1 / (1 - probability))
  }

  public var isRandom: Bool { true }

  public func makeMemory(batchSize: Int) -> LayerMemory {
    LayerMemory(
      batchSize: batchSize, outputCount: outputShape.count,
      savedCount: batchSize * outputShape.count)
  }

  public func forward(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memory: inout LayerMemory,
    pass: inout LayerPass
  ) {
    let valueCount = count * outputShape.count
    if pass.random != nil {
      for index in 0..<valueCount {
        let word = pass.random?.word() ?? 0
        memory.saved[index] = UInt64(word) < threshold ? 0 : factor
      }
    } else {
      for index in 0..<valueCount { memory.saved[index] = 1 }
    }
    for index in 0..<valueCount {
      memory.outputs[index] = memory.saved[index] == 0 ? 0 : inputs[index] * memory.saved[index]
    }
  }

  public func inputGradient(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memory: inout LayerMemory,
    into gradient: inout MutableSpan<Float>, pass: inout LayerPass
  ) {
    for index in 0..<count * outputShape.count {
      gradient[index] = memory.outputGradient[index] * memory.saved[index]
    }
  }
}
