public import Tensors

/// A row of a table for each token of the input, one behind the other: steps × size.
///
/// A token is the whole part of a value. NaN and what is below 0 count as token 0, what is beyond the
/// table as its last row, so that no input traps. A step function has the gradient 0 by its inputs.
/// The table is drawn from a normal distribution with deviation 1, as PyTorch does.
public struct Embedding: Layer {
  private let stepCount: Int
  private let vocabulary: Int
  private let size: Int

  /// - Parameters:
  ///   - steps: The tokens of one example.
  ///   - vocabulary: The rows of the table.
  ///   - size: The values of a row.
  /// - Precondition: All are positive.
  public init(steps: Int, vocabulary: Int, size: Int) {
    precondition(
      steps > 0 && vocabulary > 0 && size > 0,
      "Embedding: \(steps) steps, \(vocabulary) tokens of \(size) values")
    stepCount = steps
    self.vocabulary = vocabulary
    self.size = size
  }

  public var outputShape: InputShape { .image(height: stepCount, width: 1, channels: size) }

  public var tensors: [LayerTensor] {
    [LayerTensor("weight", shape: [vocabulary, size], start: .normal(deviation: 1))]
  }

  private func token(_ value: Float) -> Int {
    guard value >= 1 else { return 0 }
    return value < Float(vocabulary) ? min(Int(value), vocabulary - 1) : vocabulary - 1
  }

  public func forward(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memory: inout LayerMemory,
    pass: inout LayerPass
  ) {
    var outputs = memory.outputs.mutableSpan
    for place in 0..<count * stepCount {
      let row = token(inputs[place]) * size
      for column in 0..<size { outputs[place * size + column] = parameters[row + column] }
    }
  }

  /// A row collects the gradients of its places, ascending from +0.
  public func parameterGradient(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memory: inout LayerMemory,
    into gradient: inout MutableSpan<Float>, pass: inout LayerPass
  ) {
    let outputGradient = memory.outputGradient.span
    for index in 0..<gradient.count { gradient[index] = 0 }
    for place in 0..<count * stepCount {
      let row = token(inputs[place]) * size
      for column in 0..<size { gradient[row + column] += outputGradient[place * size + column] }
    }
  }

  public func inputGradient(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memory: inout LayerMemory,
    into gradient: inout MutableSpan<Float>, pass: inout LayerPass
  ) {
    for index in 0..<count * stepCount { gradient[index] = 0 }
  }
}
