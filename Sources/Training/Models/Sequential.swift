public import Determinism
import Kernels
public import Tensors

/// A network of layers one after the other, with softmax cross-entropy on top.
///
/// The last layer is dense and has one output per class; what it gets are the features.
///
/// Parameters are laid out layer by layer, each tensor row-major.
public struct Sequential: Model {
  public let layout: ParameterLayout
  public let inputCount: Int
  public let classCount: Int
  public let initialization: Initialization
  let chain: LayerChain
  private let starts: [(range: Range<Int>, start: LayerTensor.Start)]

  /// Creates a network.
  ///
  /// - Precondition: The chain ends with a dense layer without a ReLU.
  public init(_ chain: LayerChain, initialization: Initialization) {
    guard let output = chain.links.last, output.layer is Dense, !output.isRectified else {
      preconditionFailure("Sequential: the last layer is not a dense one with scores")
    }
    self.chain = chain
    self.initialization = initialization
    inputCount = chain.inputShape.count
    classCount = chain.outputShape.count
    var segments: [ParameterLayout.Segment] = []
    var starts: [(Range<Int>, LayerTensor.Start)] = []
    var next = 0
    for (layer, name, tensor) in chain.tensors {
      let isOutput = layer == chain.links.count - 1
      let isWeight = tensor.shape.count > 1
      let role: ParameterLayout.Role =
        isWeight ? (isOutput ? .outputWeight : .weight) : (isOutput ? .outputBias : .bias)
      let range = next..<next + tensor.count
      segments.append(.init(name: name, role: role, shape: tensor.shape, range: range))
      starts.append((range, tensor.start))
      next = range.upperBound
    }
    layout = ParameterLayout(segments)
    self.starts = starts
  }

  public func initialParameters(using random: inout RandomStream) -> [Float] {
    var parameters = [Float](repeating: 0, count: layout.count)
    for (range, start) in starts {
      initialization.fill(&parameters, range, as: start, using: &random)
    }
    return parameters
  }

  public var isRandom: Bool { chain.isRandom }
  public var valuesPerExample: Int { chain.valuesPerExample }
  public var scratchCount: Int { chain.scratchCount }
  public var productsPerExample: (all: Double, first: Double) {
    (chain.productsPerExample, chain.links[0].layer.productsPerExample)
  }

  public func makeWorkspace(batchSize: Int) -> ModelWorkspace {
    ModelWorkspace(
      batchSize: batchSize, layers: chain.makeMemories(batchSize: batchSize),
      pass: LayerPass(scratchCount: chain.scratchCount))
  }

  public func gradient(
    inputs: Span<Float>, labels: Span<Int>, parameters: Span<Float>,
    into gradient: inout MutableSpan<Float>, workspace: inout ModelWorkspace
  ) {
    check(inputs, labels, parameters, gradient.count, layout.count, workspace)
    forward(inputs, labels.count, parameters, &workspace)
    Self.differentiateLoss(&workspace.layers[last].outputs, labels, classCount)
    backward(inputs, labels.count, parameters, &gradient, &workspace)
  }

  public func lossAndGradient(
    inputs: Span<Float>, labels: Span<Int>, parameters: Span<Float>,
    into gradient: inout MutableSpan<Float>, workspace: inout ModelWorkspace
  ) -> Double {
    check(inputs, labels, parameters, gradient.count, layout.count, workspace)
    forward(inputs, labels.count, parameters, &workspace)
    let loss = Self.replaceWithLoss(&workspace.layers[last].outputs, labels, classCount)
    backward(inputs, labels.count, parameters, &gradient, &workspace)
    return loss
  }

  public func inputGradient(
    inputs: Span<Float>, labels: Span<Int>, parameters: Span<Float>,
    into gradient: inout MutableSpan<Float>, workspace: inout ModelWorkspace
  ) {
    check(inputs, labels, parameters, gradient.count, labels.count * inputCount, workspace)
    forward(inputs, labels.count, parameters, &workspace)
    Self.differentiateLoss(&workspace.layers[last].outputs, labels, classCount)
    var unwanted = MutableSpan<Float>()
    backward(inputs, labels.count, parameters, &unwanted, &workspace)
    chain.inputGradient(
      inputs, count: labels.count, parameters: parameters, memories: &workspace.layers,
      into: &gradient, pass: &workspace.pass)
  }

  public var featureCount: Int {
    last > 0 ? chain.links[last - 1].layer.outputShape.count : inputCount
  }

  public func features(
    inputs: Span<Float>, count: Int, parameters: Span<Float>,
    into features: inout MutableSpan<Float>, workspace: inout ModelWorkspace
  ) {
    precondition(
      inputs.count == count * inputCount && features.count == count * featureCount
        && count <= workspace.batchSize,
      "\(inputs.count) values and \(features.count) features for \(count) examples")
    guard last > 0 else {
      Memory.copy(inputs, into: &features)
      return
    }
    chain.forward(
      inputs, count: count, parameters: parameters, memories: &workspace.layers,
      pass: &workspace.pass, end: last)
    let hidden = workspace.layers[last - 1].outputs
    Memory.copy(hidden.span.extracting(0..<count * featureCount), into: &features)
  }

  public func gradient(
    ofFeatures featureGradient: Span<Float>, inputs: Span<Float>, count: Int,
    parameters: Span<Float>, into gradient: inout MutableSpan<Float>,
    workspace: inout ModelWorkspace
  ) {
    precondition(
      inputs.count == count * inputCount && featureGradient.count == count * featureCount
        && count <= workspace.batchSize && gradient.count == layout.count,
      "\(inputs.count) values and \(featureGradient.count) gradients for \(count) examples")
    for index in chain.links[last].parameters { gradient[index] = 0 }
    guard last > 0 else { return }
    chain.forward(
      inputs, count: count, parameters: parameters, memories: &workspace.layers,
      pass: &workspace.pass, end: last)
    Self.start(from: featureGradient, &workspace.layers[last - 1])
    chain.backward(
      inputs, count: count, parameters: parameters, memories: &workspace.layers, into: &gradient,
      pass: &workspace.pass, end: last)
  }

  public func loss(
    inputs: Span<Float>, labels: Span<Int>, parameters: Span<Float>,
    workspace: inout ModelWorkspace
  ) -> Double {
    forward(inputs, labels.count, parameters, &workspace)
    return Self.replaceWithLoss(&workspace.layers[last].outputs, labels, classCount)
  }

  public func scores(
    inputs: Span<Float>, count: Int, parameters: Span<Float>,
    into scores: inout MutableSpan<Float>, workspace: inout ModelWorkspace
  ) {
    precondition(
      inputs.count == count * inputCount && scores.count == count * classCount
        && count <= workspace.batchSize,
      "\(inputs.count) values and \(scores.count) scores for \(count) examples")
    forward(inputs, count, parameters, &workspace)
    let outputs = workspace.layers[last].outputs
    Memory.copy(outputs.span.extracting(0..<count * classCount), into: &scores)
  }
}

extension Sequential {
  private var last: Int { chain.links.count - 1 }

  private func check(
    _ inputs: Span<Float>, _ labels: Span<Int>, _ parameters: Span<Float>, _ gradientCount: Int,
    _ wanted: Int, _ workspace: ModelWorkspace
  ) {
    let batch = labels.count
    precondition(
      inputs.count == batch * inputCount && batch <= workspace.batchSize,
      "\(inputs.count) values for \(batch) examples of \(inputCount), room for \(workspace.batchSize)"
    )
    precondition(
      parameters.count == layout.count && gradientCount == wanted,
      "\(parameters.count) of \(layout.count) parameters, \(gradientCount) of \(wanted) gradients")
  }

  private func forward(
    _ inputs: Span<Float>, _ count: Int, _ parameters: Span<Float>,
    _ workspace: inout ModelWorkspace
  ) {
    chain.forward(
      inputs, count: count, parameters: parameters, memories: &workspace.layers,
      pass: &workspace.pass)
  }

  /// Turns the gradient of the scores, which lies in the last outputs, into that of the parameters.
  private func backward(
    _ inputs: Span<Float>, _ count: Int, _ parameters: Span<Float>,
    _ gradient: inout MutableSpan<Float>, _ workspace: inout ModelWorkspace
  ) {
    Self.exchange(&workspace.layers[last])
    chain.backward(
      inputs, count: count, parameters: parameters, memories: &workspace.layers, into: &gradient,
      pass: &workspace.pass)
  }

  private static func exchange(_ memory: inout LayerMemory) {
    memory.makeGradientRoom()
    swap(&memory.outputs, &memory.outputGradient)
  }

  private static func start(from featureGradient: Span<Float>, _ memory: inout LayerMemory) {
    memory.makeGradientRoom()
    var all = memory.outputGradient.mutableSpan
    var values = all._mutatingExtracting(0..<featureGradient.count)
    Memory.copy(featureGradient, into: &values)
  }

  private static func differentiateLoss(
    _ logits: inout [Float], _ labels: Span<Int>, _ classCount: Int
  ) {
    var all = logits.mutableSpan
    var target = all._mutatingExtracting(0..<labels.count * classCount)
    SoftmaxCrossEntropy.gradient(
      replacing: &target, labels: labels, batchCount: labels.count, classCount: classCount)
  }

  private static func replaceWithLoss(
    _ logits: inout [Float], _ labels: Span<Int>, _ classCount: Int
  ) -> Double {
    var all = logits.mutableSpan
    var target = all._mutatingExtracting(0..<labels.count * classCount)
    return SoftmaxCrossEntropy.lossAndGradient(
      replacing: &target, labels: labels, batchCount: labels.count, classCount: classCount)
  }
}
