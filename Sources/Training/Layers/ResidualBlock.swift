import Kernels
public import Tensors

/// The sum of a chain of layers and of a shortcut around it (He et al., CVPR 2016).
///
/// Its parameters are those of the body and then those of the shortcut, whose names begin with
/// `shortcut`.
public struct ResidualBlock: Layer {
  private let body: LayerChain
  /// `nil`: the inputs themselves.
  private let shortcut: LayerChain?

  /// - Precondition: The body has layers, and what is added has its shape.
  public init(body: LayerChain, shortcut: LayerChain?) {
    let other = shortcut?.outputShape ?? body.inputShape
    precondition(
      !body.links.isEmpty && shortcut?.links.isEmpty != true && other == body.outputShape,
      "ResidualBlock: \(body.outputShape) and \(other)")
    self.body = body
    self.shortcut = shortcut
  }

  /// Creates the basic block: two 3 × 3 convolutions with group normalization, a ReLU between them; and
  /// a 1 × 1 convolution with group normalization around them where the sizes change.
  ///
  /// - Parameters:
  ///   - height: The rows of the input.
  ///   - width: Its columns.
  ///   - channels: Its channels.
  ///   - outputChannels: The channels of the output.
  ///   - stride: The way from one place of the first convolution's kernel to the next.
  ///   - groups: The groups of each normalization.
  /// - Returns: The block, without the ReLU behind it.
  /// - Precondition: All are positive, and the groups divide the output channels.
  public static func basic(
    height: Int, width: Int, channels: Int, outputChannels: Int, stride: Int, groups: Int
  ) -> ResidualBlock {
    let input = InputShape.image(height: height, width: width, channels: channels)
    func chain(_ convolutions: [(kernel: Int, stride: Int)]) -> LayerChain {
      var chain = LayerChain(input)
      for (kernel, stride) in convolutions {
        if !chain.links.isEmpty { chain.rectify() }
        guard case .image(let height, let width, let channels) = chain.outputShape else {
          preconditionFailure("ResidualBlock: a convolution without an image")
        }
        chain.append(
          Convolution2D(
            height: height, width: width, channels: channels, outputChannels: outputChannels,
            kernel: kernel, stride: stride, padding: kernel / 2, hasBias: false), kind: "conv")
        chain.append(GroupNorm(chain.outputShape, groups: groups), kind: "norm")
      }
      return chain
    }
    let isSame = stride == 1 && channels == outputChannels
    return ResidualBlock(
      body: chain([(3, stride), (3, 1)]), shortcut: isSame ? nil : chain([(1, stride)]))
  }

  public var outputShape: InputShape { body.outputShape }

  public var tensors: [LayerTensor] {
    body.tensors.map { LayerTensor($0.name, shape: $0.tensor.shape, start: $0.tensor.start) }
      + (shortcut?.tensors ?? []).map {
        LayerTensor("shortcut.\($0.name)", shape: $0.tensor.shape, start: $0.tensor.start)
      }
  }

  public var productsPerExample: Double {
    body.productsPerExample + (shortcut?.productsPerExample ?? 0)
  }
  public var scratchCount: Int { max(body.scratchCount, shortcut?.scratchCount ?? 0) }
  public var isRandom: Bool { body.isRandom || shortcut?.isRandom == true }
  public var preparesInputGradient: Bool { true }

  /// The body's memories lie in the first part, the shortcut's in the second; what is saved is the
  /// shortcut's gradient by the inputs.
  public func makeMemory(batchSize: Int) -> LayerMemory {
    var memory = LayerMemory(
      batchSize: batchSize, outputCount: outputShape.count,
      savedCount: shortcut == nil ? 0 : batchSize * body.inputShape.count)
    memory.parts = [body, shortcut].compactMap { $0 }.map { chain in
      var part = LayerMemory(batchSize: 0, outputCount: 0)
      part.parts = chain.makeMemories(batchSize: batchSize)
      return part
    }
    return memory
  }

  public func forward(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memory: inout LayerMemory,
    pass: inout LayerPass
  ) {
    let valueCount = count * outputShape.count
    let split = body.parameterCount
    body.forward(
      inputs, count: count, parameters: parameters.extracting(0..<split),
      memories: &memory.parts[0].parts, pass: &pass)
    Self.copy(Self.outputs(memory.parts[0]), valueCount, into: &memory.outputs)
    if let shortcut {
      shortcut.forward(
        inputs, count: count, parameters: parameters.extracting(split..<parameters.count),
        memories: &memory.parts[1].parts, pass: &pass)
      let around = Self.outputs(memory.parts[1])
      Self.add(around.span, valueCount, into: &memory.outputs)
    } else {
      Self.add(inputs, valueCount, into: &memory.outputs)
    }
  }

  public func parameterGradient(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memory: inout LayerMemory,
    into gradient: inout MutableSpan<Float>, pass: inout LayerPass
  ) {
    let split = body.parameterCount
    let isWanted = gradient.count > 0
    Self.start(memory.outputGradient, count * outputShape.count, &memory.parts[0])
    var bodyGradient = gradient._mutatingExtracting(0..<(isWanted ? split : 0))
    body.backward(
      inputs, count: count, parameters: parameters.extracting(0..<split),
      memories: &memory.parts[0].parts, into: &bodyGradient, pass: &pass)
    guard let shortcut else { return }
    Self.start(memory.outputGradient, count * outputShape.count, &memory.parts[1])
    var rest = gradient._mutatingExtracting(isWanted ? split..<gradient.count : 0..<0)
    shortcut.backward(
      inputs, count: count, parameters: parameters.extracting(split..<parameters.count),
      memories: &memory.parts[1].parts, into: &rest, pass: &pass)
  }

  public func inputGradient(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memory: inout LayerMemory,
    into gradient: inout MutableSpan<Float>, pass: inout LayerPass
  ) {
    let split = body.parameterCount
    let valueCount = count * body.inputShape.count
    body.inputGradient(
      inputs, count: count, parameters: parameters.extracting(0..<split),
      memories: &memory.parts[0].parts, into: &gradient, pass: &pass)
    var target = gradient._mutatingExtracting(0..<valueCount)
    guard let shortcut else {
      Vectors.axpy(1, memory.outputGradient.span.extracting(0..<valueCount), into: &target)
      return
    }
    var room: [Float] = []
    swap(&room, &memory.saved)
    var around = room.mutableSpan
    shortcut.inputGradient(
      inputs, count: count, parameters: parameters.extracting(split..<parameters.count),
      memories: &memory.parts[1].parts, into: &around, pass: &pass)
    Vectors.axpy(1, room.span.extracting(0..<valueCount), into: &target)
    swap(&room, &memory.saved)
  }
}

extension ResidualBlock {
  /// The outputs of a chain whose memories are the parts of `memory`.
  private static func outputs(_ memory: LayerMemory) -> [Float] {
    memory.parts[memory.parts.count - 1].outputs
  }

  private static func copy(_ values: [Float], _ count: Int, into target: inout [Float]) {
    var all = target.mutableSpan
    var part = all._mutatingExtracting(0..<count)
    Memory.copy(values.span.extracting(0..<count), into: &part)
  }

  private static func add(_ values: Span<Float>, _ count: Int, into target: inout [Float]) {
    var all = target.mutableSpan
    var part = all._mutatingExtracting(0..<count)
    Vectors.axpy(1, values.extracting(0..<count), into: &part)
  }

  /// Hands the gradient by the block's outputs to the last layer of a chain.
  private static func start(
    _ outputGradient: [Float], _ count: Int, _ memory: inout LayerMemory
  ) {
    let last = memory.parts.count - 1
    memory.parts[last].makeGradientRoom()
    copy(outputGradient, count, into: &memory.parts[last].outputGradient)
  }
}
