public import Tensors

/// One step of a network: a function of examples and of parameters of its own, with its gradients.
///
/// A layer holds sizes alone, so one value serves all threads; what a pass has to remember lies in a
/// `LayerMemory`.
public protocol Layer: Sendable {
  /// How one example of the output is arranged.
  var outputShape: InputShape { get }
  /// The parameters, in the order in which they lie in the layer's slice.
  var tensors: [LayerTensor] { get }
  /// The multiply-adds of one example, forward; 0 where they are few.
  var productsPerExample: Double { get }
  /// The values of `LayerPass.scratch` that the layer needs.
  var scratchCount: Int { get }
  /// Whether a pass draws from `LayerPass.random` in training.
  var isRandom: Bool { get }

  /// Whether `inputGradient` uses what `parameterGradient` left: then that one runs, with an empty
  /// gradient, even where nobody wants the parameters'.
  var preparesInputGradient: Bool { get }

  /// Returns memory for batches of up to `batchSize` examples.
  func makeMemory(batchSize: Int) -> LayerMemory

  /// Writes `memory.outputs`.
  ///
  /// - Parameters:
  ///   - inputs: One example per row.
  ///   - count: The number of examples.
  ///   - parameters: The layer's own.
  ///   - memory: From `makeMemory` with at least this batch.
  ///   - pass: What the layers of one pass share.
  func forward(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memory: inout LayerMemory,
    pass: inout LayerPass)

  /// Writes the gradient by the layer's parameters.
  ///
  /// Called after `forward` on the same inputs, with the gradient by the outputs in
  /// `memory.outputGradient`, and before `inputGradient`, which may use what this one left.
  func parameterGradient(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memory: inout LayerMemory,
    into gradient: inout MutableSpan<Float>, pass: inout LayerPass)

  /// Writes the gradient by the inputs; called after `parameterGradient`.
  func inputGradient(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memory: inout LayerMemory,
    into gradient: inout MutableSpan<Float>, pass: inout LayerPass)
}

extension Layer {
  public var scratchCount: Int { 0 }
  public var productsPerExample: Double { 0 }
  public var isRandom: Bool { false }
  public var preparesInputGradient: Bool { false }
  public var tensors: [LayerTensor] { [] }

  public func makeMemory(batchSize: Int) -> LayerMemory {
    LayerMemory(batchSize: batchSize, outputCount: outputShape.count)
  }

  public func parameterGradient(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memory: inout LayerMemory,
    into gradient: inout MutableSpan<Float>, pass: inout LayerPass
  ) {}
}

/// One array of a layer's parameters.
public struct LayerTensor: Sendable {
  /// How it is drawn before the first round.
  public enum Start: Sendable, Hashable {
    /// As `Initialization` says, for a weight with so many inputs and outputs.
    case weight(inputs: Int, outputs: Int)
    /// As `Initialization` says, for the bias of such a layer.
    case bias(inputs: Int)
    case constant(Float)
    /// Uniform in ±bound, whatever the initialization.
    case uniform(bound: Double)
    /// Normal with this deviation, whatever the initialization.
    case normal(deviation: Double)
  }

  /// Such as `weight`.
  public let name: String
  /// Sizes, outermost first.
  public let shape: [Int]
  public let start: Start

  public init(_ name: String, shape: [Int], start: Start) {
    self.name = name
    self.shape = shape
    self.start = start
  }

  public var count: Int { shape.reduce(1, *) }
}

/// What one layer keeps between the passes of one batch.
public struct LayerMemory: Sendable {
  /// One row of outputs per example.
  public var outputs: [Float]
  /// The gradient of the loss by the outputs; empty until it is needed.
  public var outputGradient: [Float] = []
  /// What else a layer remembers.
  public var saved: [Float]
  /// The memories of layers inside the layer.
  public var parts: [LayerMemory] = []

  public init(batchSize: Int, outputCount: Int, savedCount: Int = 0) {
    outputs = [Float](repeating: 0, count: batchSize * outputCount)
    saved = [Float](repeating: 0, count: savedCount)
  }

  /// The values that are kept forward, those of the layers inside included.
  var valueCount: Int { outputs.count + saved.count + parts.reduce(0) { $0 + $1.valueCount } }

  /// Makes room for the gradient by the outputs, once.
  mutating func makeGradientRoom() {
    guard outputGradient.count != outputs.count else { return }
    outputGradient = [Float](repeating: 0, count: outputs.count)
  }
}
