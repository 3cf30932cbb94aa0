import Components
import Kernels
public import Tensors

/// Layers one after the other, each with a ReLU behind it or not.
///
/// Memories and parameters are passed in, so that a layer can be made of chains.
public struct LayerChain: Sendable {
  /// A layer and its place in the chain.
  struct Link: Sendable {
    let kind: String
    let name: String
    let layer: any Layer
    let parameters: Range<Int>
    var isRectified = false
  }

  /// How one example is arranged.
  public let inputShape: InputShape
  /// The classes of the task, where the chain is made for one; nothing else than a hint to layers.
  public let classCount: Int?
  private(set) var links: [Link] = []

  public init(_ inputShape: InputShape, classCount: Int? = nil) {
    self.inputShape = inputShape
    self.classCount = classCount
  }

  /// How one example of the output is arranged.
  public var outputShape: InputShape { links.last?.layer.outputShape ?? inputShape }
  /// The number of parameters of all layers.
  public var parameterCount: Int { links.last?.parameters.upperBound ?? 0 }

  /// Adds a layer at the end, which is called after its kind and its number among those of its kind.
  public mutating func append(_ layer: some Layer, kind: String) {
    let number = links.count { $0.kind == kind } + 1
    let count = layer.tensors.reduce(0) { $0 + $1.count }
    links.append(
      Link(
        kind: kind, name: "\(kind)\(number)", layer: layer,
        parameters: parameterCount..<parameterCount + count))
  }

  /// The most values of one example that a network may keep, 128 MiB of them, and the most weights of a
  /// layer.
  private static let (mostValues, mostWeights) = (Double(1 << 25), Double(1 << 31))

  /// Refuses a layer that would be too large to work with, before anything multiplies its sizes.
  ///
  /// - Parameters:
  ///   - id: The layer.
  ///   - padded: The sizes of what it keeps of its inputs, to be multiplied.
  ///   - outputs: The sizes of its outputs.
  ///   - weights: The sizes of its weights.
  /// - Throws: Where there would be too many values or weights.
  func require(
    _ id: ComponentID, padded: [Int] = [0], outputs: [Int], weights: [Int] = [0]
  ) throws(ConfigurationError) {
    func product(_ sizes: [Int]) -> Double { sizes.reduce(1) { $0 * Double($1) } }
    let before = links.reduce(0.0) { $0 + Double($1.layer.outputShape.count) }
    let (values, count) = (product(padded) + product(outputs), product(weights))
    guard before + values <= Self.mostValues, count <= Self.mostWeights else {
      throw ConfigurationError(
        .invalid(
          component: id,
          reason: before + values > Self.mostValues
            ? "the network would keep more than \(Int(Self.mostValues)) values of an example"
            : "has more than \(Int(Self.mostWeights)) weights"))
    }
  }

  /// Adds a ReLU at the end; twice is the same as once.
  public mutating func rectify() {
    if links.isEmpty { append(PassThrough(outputShape: inputShape), kind: "input") }
    links[links.count - 1].isRectified = true
  }

  var scratchCount: Int { links.map(\.layer.scratchCount).max() ?? 0 }
  var productsPerExample: Double { links.reduce(0) { $0 + $1.layer.productsPerExample } }
  var valuesPerExample: Int { makeMemories(batchSize: 1).reduce(0) { $0 + $1.valueCount } }
  var isRandom: Bool { links.contains { $0.layer.isRandom } }

  /// The parameters of all layers with their positions in the chain's slice.
  var tensors: [(layer: Int, name: String, tensor: LayerTensor)] {
    links.enumerated().flatMap { index, link in
      link.layer.tensors.map { (index, "\(link.name).\($0.name)", $0) }
    }
  }

  func makeMemories(batchSize: Int) -> [LayerMemory] {
    links.map { $0.layer.makeMemory(batchSize: batchSize) }
  }

  /// Writes the outputs of the layers before `end`.
  func forward(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memories: inout [LayerMemory],
    pass: inout LayerPass, end: Int? = nil
  ) {
    for index in 0..<(end ?? links.count) {
      if index == 0 {
        forward(0, inputs, count, parameters, &memories[0], &pass)
      } else {
        let previous = memories[index - 1].outputs
        forward(index, previous.span, count, parameters, &memories[index], &pass)
      }
    }
  }

  private func forward(
    _ index: Int, _ inputs: Span<Float>, _ count: Int, _ parameters: Span<Float>,
    _ memory: inout LayerMemory, _ pass: inout LayerPass
  ) {
    let link = links[index]
    link.layer.forward(
      inputs, count: count, parameters: parameters.extracting(link.parameters), memory: &memory,
      pass: &pass)
    guard link.isRectified else { return }
    var all = memory.outputs.mutableSpan
    var outputs = all._mutatingExtracting(0..<count * link.layer.outputShape.count)
    Activations.relu(&outputs)
  }

  /// Turns the gradient by the outputs of the layer before `end`, which lies in its memory, into that by
  /// the parameters up to there.
  ///
  /// - Parameters:
  ///   - inputs: What the first layer got.
  ///   - count: The number of examples.
  ///   - parameters: Those of the chain.
  ///   - memories: As `forward` left them.
  ///   - gradient: The parameters' gradient; empty: not wanted, and then only layers that need it for
  ///     the gradient by their inputs go through theirs.
  ///   - pass: As for `forward`.
  ///   - end: Where the chain ends; `nil`: at its end.
  func backward(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memories: inout [LayerMemory],
    into gradient: inout MutableSpan<Float>, pass: inout LayerPass, end: Int? = nil
  ) {
    for index in (0..<(end ?? links.count)).reversed() {
      if index > 0 {
        let previous = memories[index - 1].outputs
        differentiate(
          index, previous.span, count, parameters, &memories[index], &gradient, &pass)
        var target: [Float] = []
        memories[index - 1].makeGradientRoom()
        swap(&target, &memories[index - 1].outputGradient)
        inputGradient(
          index, previous.span, count, parameters, &memories[index], &target, &pass)
        swap(&target, &memories[index - 1].outputGradient)
      } else {
        differentiate(0, inputs, count, parameters, &memories[0], &gradient, &pass)
      }
    }
  }

  /// Writes the gradient by the chain's inputs; called after `backward`.
  func inputGradient(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memories: inout [LayerMemory],
    into gradient: inout MutableSpan<Float>, pass: inout LayerPass
  ) {
    let link = links[0]
    link.layer.inputGradient(
      inputs, count: count, parameters: parameters.extracting(link.parameters),
      memory: &memories[0], into: &gradient, pass: &pass)
  }

  private func differentiate(
    _ index: Int, _ inputs: Span<Float>, _ count: Int, _ parameters: Span<Float>,
    _ memory: inout LayerMemory, _ gradient: inout MutableSpan<Float>, _ pass: inout LayerPass
  ) {
    let link = links[index]
    if link.isRectified {
      let valueCount = count * link.layer.outputShape.count
      Self.rectifyGradient(&memory.outputGradient, memory.outputs, valueCount)
    }
    let own = parameters.extracting(link.parameters)
    if gradient.count > 0 {
      var target = gradient._mutatingExtracting(link.parameters)
      link.layer.parameterGradient(
        inputs, count: count, parameters: own, memory: &memory, into: &target, pass: &pass)
    } else if link.layer.preparesInputGradient {
      link.layer.parameterGradient(
        inputs, count: count, parameters: own, memory: &memory, into: &gradient, pass: &pass)
    }
  }

  private static func rectifyGradient(
    _ gradient: inout [Float], _ outputs: [Float], _ count: Int
  ) {
    var all = gradient.mutableSpan
    var values = all._mutatingExtracting(0..<count)
    Activations.reluGradient(&values, outputs: outputs.span.extracting(0..<count))
  }

  private func inputGradient(
    _ index: Int, _ inputs: Span<Float>, _ count: Int, _ parameters: Span<Float>,
    _ memory: inout LayerMemory, _ target: inout [Float], _ pass: inout LayerPass
  ) {
    let link = links[index]
    var gradient = target.mutableSpan
    link.layer.inputGradient(
      inputs, count: count, parameters: parameters.extracting(link.parameters), memory: &memory,
      into: &gradient, pass: &pass)
  }
}

/// Gives its inputs: a place for a ReLU in front of all layers.
struct PassThrough: Layer {
  let outputShape: InputShape

  func forward(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memory: inout LayerMemory,
    pass: inout LayerPass
  ) {
    var all = memory.outputs.mutableSpan
    var outputs = all._mutatingExtracting(0..<count * outputShape.count)
    Memory.copy(inputs.extracting(0..<outputs.count), into: &outputs)
  }

  func inputGradient(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memory: inout LayerMemory,
    into gradient: inout MutableSpan<Float>, pass: inout LayerPass
  ) {
    var target = gradient._mutatingExtracting(0..<count * outputShape.count)
    Memory.copy(memory.outputGradient.span.extracting(0..<target.count), into: &target)
  }
}
