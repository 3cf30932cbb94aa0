public import Determinism
import Kernels
public import Tensors

/// A multi-layer perceptron: dense layers with ReLU between them and softmax cross-entropy on top.
///
/// No hidden layer makes it multinomial logistic regression.
///
/// Parameters are laid out layer by layer, the weight matrix (inputs × outputs, row-major) before
/// the bias.
public struct Perceptron: Model {
  public let layout: ParameterLayout
  public let inputCount: Int
  public let classCount: Int
  public let initialization: Initialization
  private let layers: [Layer]

  private struct Layer: Sendable {
    let inputs: Int
    let outputs: Int
    let weight: Range<Int>
    let bias: Range<Int>
  }

  /// Creates a network with the given hidden widths.
  ///
  /// - Precondition: All sizes are positive.
  public init(inputs: Int, hidden: [Int], classes: Int, initialization: Initialization) {
    let widths = [inputs] + hidden + [classes]
    precondition(widths.allSatisfy { $0 > 0 }, "layer widths must be positive, got \(widths)")
    var layers: [Layer] = []
    var segments: [ParameterLayout.Segment] = []
    var next = 0
    for (index, (a, b)) in zip(widths, widths.dropFirst()).enumerated() {
      let weight = next..<next + a * b
      let bias = weight.upperBound..<weight.upperBound + b
      next = bias.upperBound
      layers.append(Layer(inputs: a, outputs: b, weight: weight, bias: bias))
      let isOutput = index == widths.count - 2
      segments.append(
        .init(
          name: "dense\(index + 1).weight", role: isOutput ? .outputWeight : .weight,
          shape: [a, b], range: weight))
      segments.append(
        .init(
          name: "dense\(index + 1).bias", role: isOutput ? .outputBias : .bias, shape: [b],
          range: bias))
    }
    self.layers = layers
    layout = ParameterLayout(segments)
    inputCount = inputs
    classCount = classes
    self.initialization = initialization
  }

  public func initialParameters(using random: inout RandomStream) -> [Float] {
    var parameters = [Float](repeating: 0, count: layout.count)
    for layer in layers {
      let inputs = Double(layer.inputs)
      switch initialization {
      case .he:
        let sd = (2 / inputs).squareRoot()
        for i in layer.weight { parameters[i] = Float(sd * random.normal()) }
      case .glorot:
        let bound = (6 / (inputs + Double(layer.outputs))).squareRoot()
        for i in layer.weight { parameters[i] = Float(bound * (2 * random.unit() - 1)) }
      case .pytorch:
        let bound = 1 / inputs.squareRoot()
        for i in layer.weight { parameters[i] = Float(bound * (2 * random.unit() - 1)) }
        for i in layer.bias { parameters[i] = Float(bound * (2 * random.unit() - 1)) }
      }
    }
    return parameters
  }

  public func makeWorkspace(batchSize: Int) -> ModelWorkspace {
    let outputs = layers.map { [Float](repeating: 0, count: batchSize * $0.outputs) }
    let scratch = layers.flatMap { layer in
      let (inputs, outputs) = (layer.inputs, layer.outputs)
      return [
        Gemm.forwardScratchCount(inputCount: inputs, outputCount: outputs),
        Gemm.weightGradientScratchCount(inputCount: inputs, outputCount: outputs),
        Gemm.inputGradientScratchCount(inputCount: inputs, outputCount: outputs),
      ]
    }
    return ModelWorkspace(
      batchSize: batchSize, outputs: outputs, outputGradients: outputs,
      scratch: [Float](repeating: 0, count: scratch.max() ?? 0))
  }

  public func gradient(
    inputs: Span<Float>, labels: Span<Int>, parameters: Span<Float>,
    into gradient: inout MutableSpan<Float>, workspace: inout ModelWorkspace
  ) {
    check(inputs, labels, parameters, gradient.count, layout.count, workspace)
    forward(inputs, labels.count, parameters, &workspace)
    Self.differentiateLoss(&workspace.outputs[layers.count - 1], labels, classCount)
    backward(inputs, labels.count, parameters, &gradient, &workspace)
  }

  public func lossAndGradient(
    inputs: Span<Float>, labels: Span<Int>, parameters: Span<Float>,
    into gradient: inout MutableSpan<Float>, workspace: inout ModelWorkspace
  ) -> Double {
    check(inputs, labels, parameters, gradient.count, layout.count, workspace)
    forward(inputs, labels.count, parameters, &workspace)
    let loss = Self.replaceWithLoss(&workspace.outputs[layers.count - 1], labels, classCount)
    backward(inputs, labels.count, parameters, &gradient, &workspace)
    return loss
  }

  public func inputGradient(
    inputs: Span<Float>, labels: Span<Int>, parameters: Span<Float>,
    into gradient: inout MutableSpan<Float>, workspace: inout ModelWorkspace
  ) {
    check(
      inputs, labels, parameters, gradient.count, labels.count * inputCount, workspace)
    forward(inputs, labels.count, parameters, &workspace)
    let last = layers.count - 1
    Self.differentiateLoss(&workspace.outputs[last], labels, classCount)
    swap(&workspace.outputs[last], &workspace.outputGradients[last])
    for index in (1..<layers.count).reversed() {
      stepBack(index, labels.count, parameters, &workspace)
    }
    Self.inputGradient(
      layers[0], labels.count, parameters, outputGradient: workspace.outputGradients[0],
      into: &gradient, &workspace.scratch)
  }

  public var featureCount: Int { layers[layers.count - 1].inputs }

  public func features(
    inputs: Span<Float>, count: Int, parameters: Span<Float>,
    into features: inout MutableSpan<Float>, workspace: inout ModelWorkspace
  ) {
    precondition(
      inputs.count == count * inputCount && features.count == count * featureCount
        && count <= workspace.batchSize,
      "\(inputs.count) values and \(features.count) features for \(count) examples")
    guard layers.count > 1 else {
      Memory.copy(inputs, into: &features)
      return
    }
    forward(inputs, count, parameters, &workspace)
    let hidden = workspace.outputs[layers.count - 2]
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
    for index in layers[layers.count - 1].weight { gradient[index] = 0 }
    for index in layers[layers.count - 1].bias { gradient[index] = 0 }
    guard layers.count > 1 else { return }
    forward(inputs, count, parameters, &workspace)
    let last = layers.count - 2
    Self.start(
      from: featureGradient, features: workspace.outputs[last],
      into: &workspace.outputGradients[last])
    backward(from: last, inputs, count, parameters, &gradient, &workspace)
  }

  public func loss(
    inputs: Span<Float>, labels: Span<Int>, parameters: Span<Float>,
    workspace: inout ModelWorkspace
  ) -> Double {
    forward(inputs, labels.count, parameters, &workspace)
    return Self.replaceWithLoss(&workspace.outputs[layers.count - 1], labels, classCount)
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
    let last = workspace.outputs[layers.count - 1]
    for i in 0..<count * classCount { scores[i] = last[i] }
  }
}

// Buffers are passed one by one, because spans of two elements of one array count as overlapping
// accesses to the array.
extension Perceptron {
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

  /// Turns the gradient of the scores, which lies in the last output, into that of the parameters.
  private func backward(
    _ inputs: Span<Float>, _ batch: Int, _ parameters: Span<Float>,
    _ gradient: inout MutableSpan<Float>, _ workspace: inout ModelWorkspace
  ) {
    let last = layers.count - 1
    swap(&workspace.outputs[last], &workspace.outputGradients[last])
    backward(from: last, inputs, batch, parameters, &gradient, &workspace)
  }

  /// Turns the gradient by the output of layer `last`, before its ReLU, into that of the parameters up to
  /// it.
  private func backward(
    from last: Int, _ inputs: Span<Float>, _ batch: Int, _ parameters: Span<Float>,
    _ gradient: inout MutableSpan<Float>, _ workspace: inout ModelWorkspace
  ) {
    for index in (1..<last + 1).reversed() {
      let input = workspace.outputs[index - 1]
      Self.parameterGradient(
        layers[index], batch, input: input.span, outputGradient: workspace.outputGradients[index],
        &gradient, &workspace.scratch)
      stepBack(index, batch, parameters, &workspace)
    }
    Self.parameterGradient(
      layers[0], batch, input: inputs, outputGradient: workspace.outputGradients[0], &gradient,
      &workspace.scratch)
  }

  /// Computes the gradient by the outputs of the layer before a layer, through their ReLU.
  private func stepBack(
    _ index: Int, _ batch: Int, _ parameters: Span<Float>, _ workspace: inout ModelWorkspace
  ) {
    let outputs = workspace.outputs[index - 1]
    let count = batch * layers[index].inputs
    Self.hiddenGradient(
      layers[index], batch, parameters, outputGradient: workspace.outputGradients[index],
      hidden: outputs.span.extracting(0..<count), into: &workspace.outputGradients[index - 1],
      &workspace.scratch)
  }

  private func forward(
    _ inputs: Span<Float>, _ batch: Int, _ parameters: Span<Float>,
    _ workspace: inout ModelWorkspace
  ) {
    for (index, layer) in layers.enumerated() {
      let isHidden = index < layers.count - 1
      if index == 0 {
        Self.dense(
          layer, batch, inputs, parameters, isHidden, into: &workspace.outputs[0],
          &workspace.scratch)
      } else {
        let previous = workspace.outputs[index - 1]
        Self.dense(
          layer, batch, previous.span.extracting(0..<batch * layer.inputs), parameters, isHidden,
          into: &workspace.outputs[index], &workspace.scratch)
      }
    }
  }

  /// Takes the gradient by the features through their ReLU.
  private static func start(
    from featureGradient: Span<Float>, features: [Float], into target: inout [Float]
  ) {
    var all = target.mutableSpan
    var values = all._mutatingExtracting(0..<featureGradient.count)
    Memory.copy(featureGradient, into: &values)
    Activations.reluGradient(&values, outputs: features.span.extracting(0..<featureGradient.count))
  }

  private static func dense(
    _ layer: Layer, _ batch: Int, _ inputs: Span<Float>, _ parameters: Span<Float>,
    _ isHidden: Bool, into output: inout [Float], _ scratch: inout [Float]
  ) {
    var all = output.mutableSpan
    var target = all._mutatingExtracting(0..<batch * layer.outputs)
    var room = scratch.mutableSpan
    Gemm.forward(
      inputs: inputs, weights: parameters.extracting(layer.weight),
      bias: parameters.extracting(layer.bias), into: &target, scratch: &room, batchCount: batch,
      inputCount: layer.inputs, outputCount: layer.outputs)
    if isHidden { Activations.relu(&target) }
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

  private static func parameterGradient(
    _ layer: Layer, _ batch: Int, input: Span<Float>, outputGradient: [Float],
    _ gradient: inout MutableSpan<Float>, _ scratch: inout [Float]
  ) {
    let dy = outputGradient.span.extracting(0..<batch * layer.outputs)
    var weight = gradient._mutatingExtracting(layer.weight)
    var room = scratch.mutableSpan
    Gemm.weightGradient(
      inputs: input.extracting(0..<batch * layer.inputs), outputGradient: dy, into: &weight,
      scratch: &room, batchCount: batch, inputCount: layer.inputs, outputCount: layer.outputs)
    var bias = gradient._mutatingExtracting(layer.bias)
    Gemm.biasGradient(
      outputGradient: dy, into: &bias, batchCount: batch, outputCount: layer.outputs)
  }

  private static func hiddenGradient(
    _ layer: Layer, _ batch: Int, _ parameters: Span<Float>, outputGradient: [Float],
    hidden: Span<Float>, into hiddenGradient: inout [Float], _ scratch: inout [Float]
  ) {
    var all = hiddenGradient.mutableSpan
    var target = all._mutatingExtracting(0..<batch * layer.inputs)
    inputGradient(
      layer, batch, parameters, outputGradient: outputGradient, into: &target, &scratch)
    Activations.reluGradient(&target, outputs: hidden)
  }

  private static func inputGradient(
    _ layer: Layer, _ batch: Int, _ parameters: Span<Float>, outputGradient: [Float],
    into target: inout MutableSpan<Float>, _ scratch: inout [Float]
  ) {
    var room = scratch.mutableSpan
    Gemm.inputGradient(
      outputGradient: outputGradient.span.extracting(0..<batch * layer.outputs),
      weights: parameters.extracting(layer.weight), into: &target, scratch: &room,
      batchCount: batch, inputCount: layer.inputs, outputCount: layer.outputs)
  }
}
