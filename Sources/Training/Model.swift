public import Determinism
public import Tensors

/// An architecture.
///
/// Parameters live outside it, so one value serves the server, every client and every attacker
/// at once.
public protocol Model: Sendable {
  var layout: ParameterLayout { get }
  /// The number of features of one example.
  var inputCount: Int { get }
  var classCount: Int { get }
  /// Whether training draws, as dropout does.
  var isRandom: Bool { get }

  /// The values that a workspace keeps of one example, forward; backward as many again.
  var valuesPerExample: Int { get }
  /// The values of a workspace that do not grow with the batch.
  var scratchCount: Int { get }
  /// The multiply-adds of one example, forward, and those of its first layer among them.
  var productsPerExample: (all: Double, first: Double) { get }

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

  /// Does what `gradient` does and returns the cross-entropy summed over the batch.
  func lossAndGradient(
    inputs: Span<Float>, labels: Span<Int>, parameters: Span<Float>,
    into gradient: inout MutableSpan<Float>, workspace: inout ModelWorkspace
  ) -> Double

  /// Writes the gradient of the mean cross-entropy with respect to the inputs, one row per example.
  ///
  /// - Parameters:
  ///   - inputs: `labels.count` × `inputCount`.
  ///   - labels: One class per row.
  ///   - parameters: `layout.count` values.
  ///   - gradient: `labels.count` × `inputCount`, overwritten.
  ///   - workspace: As for `gradient`.
  func inputGradient(
    inputs: Span<Float>, labels: Span<Int>, parameters: Span<Float>,
    into gradient: inout MutableSpan<Float>, workspace: inout ModelWorkspace)

  /// The width of the last hidden layer; the number of inputs where there is none.
  var featureCount: Int { get }

  /// Writes the last hidden layer's output, one row of `featureCount` values per row of `inputs`;
  /// the inputs themselves where there is no hidden layer.
  func features(
    inputs: Span<Float>, count: Int, parameters: Span<Float>,
    into features: inout MutableSpan<Float>, workspace: inout ModelWorkspace)

  /// Writes the gradient, by the parameters, of a loss of what ``features(inputs:count:parameters:into:workspace:)``
  /// gives; that by the output layer is 0, and without a hidden layer all of it.
  ///
  /// - Parameters:
  ///   - featureGradient: The gradient of the loss by the features, one row per row of `inputs`.
  ///   - inputs: `count` × `inputCount`.
  ///   - count: The number of examples.
  ///   - parameters: `layout.count` values.
  ///   - gradient: `layout.count` values, overwritten.
  ///   - workspace: As for `gradient`.
  func gradient(
    ofFeatures featureGradient: Span<Float>, inputs: Span<Float>, count: Int,
    parameters: Span<Float>, into gradient: inout MutableSpan<Float>,
    workspace: inout ModelWorkspace)

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

extension Model {
  public var isRandom: Bool { false }

  /// How many examples one pass over many takes: as many as what it keeps of them stays near, from 16 to
  /// 256.
  public var examplesPerBlock: Int {
    max(16, min(256, (1 << 18) / max(valuesPerExample, 1)))
  }
}

/// The buffers of one thread's passes through a model; made once and reused for every step.
///
/// What each holds is the model's business.
public struct ModelWorkspace: Sendable {
  /// The most examples a batch may have.
  public let batchSize: Int
  /// What each layer keeps.
  public var layers: [LayerMemory]
  /// What the layers of a pass share.
  public var pass: LayerPass

  public init(batchSize: Int, layers: [LayerMemory], pass: LayerPass) {
    self.batchSize = batchSize
    self.layers = layers
    self.pass = pass
  }
}
