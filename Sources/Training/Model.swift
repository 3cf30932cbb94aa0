public import Determinism
public import Tensors

/// How weights are drawn before the first round; b is the number of inputs of a layer.
public enum Initialization: String, Sendable, Hashable, CaseIterable {
  /// Normal with variance 2/b, biases 0 (He et al., ICCV 2015).
  case he
  /// Uniform in ±sqrt(6/(inputs + outputs)), biases 0 (Glorot and Bengio, AISTATS 2010).
  case glorot
  /// Uniform in ±1/sqrt(b), biases too: what PyTorch's `Linear` does.
  case pytorch
}

/// An architecture.
///
/// Parameters live outside it, so one value serves the server, every client and every attacker
/// at once.
public protocol Model: Sendable {
  var layout: ParameterLayout { get }
  /// The number of features of one example.
  var inputCount: Int { get }
  var classCount: Int { get }

  /// Returns fresh parameters.
  func initialParameters(using random: inout RandomStream) -> [Float]

  /// Returns buffers for batches of up to `batchSize` examples.
  func makeWorkspace(batchSize: Int) -> ModelWorkspace

  /// Writes the gradient of the mean cross-entropy over the batch.
  ///
  /// - Parameters:
  ///   - inputs: `labels.count` × `inputCount`, row-major.
  ///   - labels: One class per row.
  ///   - parameters: `layout.count` values.
  ///   - gradient: `layout.count` values, overwritten.
  ///   - workspace: From ``makeWorkspace(batchSize:)`` with at least this batch.
  func gradient(
    inputs: Span<Float>, labels: Span<Int>, parameters: Span<Float>,
    into gradient: inout MutableSpan<Float>, workspace: inout ModelWorkspace)

  /// Returns the cross-entropy summed over the batch.
  func loss(
    inputs: Span<Float>, labels: Span<Int>, parameters: Span<Float>,
    workspace: inout ModelWorkspace
  ) -> Double

  /// Writes one row of `classCount` scores (logits) per row of `inputs`.
  func scores(
    inputs: Span<Float>, count: Int, parameters: Span<Float>, into scores: inout MutableSpan<Float>,
    workspace: inout ModelWorkspace)
}

/// The buffers of one thread's passes through a model; made once and reused for every step.
public struct ModelWorkspace: Sendable {
  /// The most examples a batch may have.
  public let batchSize: Int
  /// The output of each layer, batch × outputs.
  var outputs: [[Float]]
  /// The gradient with respect to the output of each layer, batch × outputs.
  var outputGradients: [[Float]]
  /// Room for a transposed weight matrix.
  var scratch: [Float]
}
