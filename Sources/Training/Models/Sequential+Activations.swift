import Kernels
public import Tensors

/// What happens inside a network, for attacks and defenses that look there.
extension Sequential {
  /// A convolution or a dense layer.
  public struct WeightedLayer: Sendable, Hashable {
    /// The place among all layers.
    public let place: Int
    /// The positions of its weight among the parameters.
    public let weight: Range<Int>
    /// The shape of the weight: kernel height × kernel width × input channels × output channels, or
    /// inputs × outputs.
    public let weightShape: [Int]
    /// How one example of what enters is arranged.
    public let inputShape: InputShape
    /// How one example of what leaves, behind a ReLU if there is one, is arranged.
    public let outputShape: InputShape
  }

  /// Its convolutions and dense layers in order, those inside residual blocks left out.
  public var weightedLayers: [WeightedLayer] {
    var shape = chain.inputShape
    var layers: [WeightedLayer] = []
    for (place, link) in chain.links.enumerated() {
      let entering = shape
      shape = link.layer.outputShape
      guard link.layer is Convolution2D || link.layer is Dense,
        let weight = link.layer.tensors.first
      else { continue }
      let start = link.parameters.lowerBound
      layers.append(
        WeightedLayer(
          place: place, weight: start..<start + weight.count, weightShape: weight.shape,
          inputShape: entering, outputShape: shape))
    }
    return layers
  }

  /// Returns what leaves the layers before `end`, `count` examples; the inputs where there is none.
  ///
  /// Nothing is drawn, as in evaluation.
  ///
  /// - Parameters:
  ///   - end: The place of a layer, as in ``WeightedLayer/place``.
  ///   - inputs: One example per row.
  ///   - count: The number of examples.
  ///   - parameters: d values.
  ///   - workspace: Has room for as many examples.
  /// - Returns: One row of values per example.
  public func activations(
    before end: Int, inputs: Span<Float>, count: Int, parameters: Span<Float>,
    workspace: inout ModelWorkspace
  ) -> [Float] {
    precondition(
      inputs.count == count * inputCount && count <= workspace.batchSize
        && (0...chain.links.count).contains(end), "\(inputs.count) values for \(count) examples")
    guard end > 0 else { return inputs.indices.map { inputs[$0] } }
    chain.forward(
      inputs, count: count, parameters: parameters, memories: &workspace.layers,
      pass: &workspace.pass, end: end)
    return Array(
      workspace.layers[end - 1].outputs.prefix(
        count * chain.links[end - 1].layer.outputShape.count))
  }

  /// Returns the gradient by the inputs of what a function has as gradient by the values of
  /// ``activations(before:inputs:count:parameters:workspace:)``.
  ///
  /// - Parameters:
  ///   - gradient: By those values, as many.
  ///   - end: As there; at least 1.
  ///   - inputs: As there.
  ///   - count: As there.
  ///   - parameters: As there.
  ///   - workspace: As there.
  /// - Returns: One row of ``inputCount`` values per example.
  public func inputGradient(
    of gradient: [Float], before end: Int, inputs: Span<Float>, count: Int,
    parameters: Span<Float>, workspace: inout ModelWorkspace
  ) -> [Float] {
    _ = activations(
      before: end, inputs: inputs, count: count, parameters: parameters, workspace: &workspace)
    precondition(
      end > 0 && gradient.count == count * chain.links[end - 1].layer.outputShape.count,
      "\(gradient.count) gradients for \(count) examples")
    workspace.layers[end - 1].makeGradientRoom()
    workspace.layers[end - 1].outputGradient.replaceSubrange(0..<gradient.count, with: gradient)
    var unwanted = MutableSpan<Float>()
    chain.backward(
      inputs, count: count, parameters: parameters, memories: &workspace.layers, into: &unwanted,
      pass: &workspace.pass, end: end)
    var result = [Float](repeating: 0, count: count * inputCount)
    var target = result.mutableSpan
    chain.inputGradient(
      inputs, count: count, parameters: parameters, memories: &workspace.layers, into: &target,
      pass: &workspace.pass)
    return result
  }
}
