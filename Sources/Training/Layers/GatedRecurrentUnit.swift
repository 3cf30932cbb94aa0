import Kernels
public import Tensors

/// A gated recurrent unit over the rows of its input, which gives the state after the last one.
///
/// The equations are PyTorch's, with a bias for the inputs and one for the state; the state begins at 0.
/// Gates lie side by side as reset, update, new. Weights are inputs × gates and units × gates,
/// row-major: PyTorch's `weight_ih_l0` and `weight_hh_l0` transposed. Both weights and both biases are
/// drawn as PyTorch does, uniform in ±1/sqrt(units).
public struct GatedRecurrentUnit: Layer {
  private let stepCount: Int
  private let inputCount: Int
  private let unitCount: Int

  /// - Parameters:
  ///   - steps: The rows of one example.
  ///   - inputs: The values of a row.
  ///   - units: The values of the state.
  /// - Precondition: All are positive.
  public init(steps: Int, inputs: Int, units: Int) {
    precondition(
      steps > 0 && inputs > 0 && units > 0,
      "GatedRecurrentUnit: \(steps) steps of \(inputs) values, \(units) units")
    stepCount = steps
    inputCount = inputs
    unitCount = units
  }

  public var outputShape: InputShape { .vector(unitCount) }

  private var gateCount: Int { 3 * unitCount }

  public var tensors: [LayerTensor] {
    let start = LayerTensor.Start.uniform(bound: 1 / Double(unitCount).squareRoot())
    return [
      LayerTensor("input-weight", shape: [inputCount, gateCount], start: start),
      LayerTensor("state-weight", shape: [unitCount, gateCount], start: start),
      LayerTensor("input-bias", shape: [gateCount], start: start),
      LayerTensor("state-bias", shape: [gateCount], start: start),
    ]
  }

  public var productsPerExample: Double {
    Double(stepCount * (inputCount + unitCount)) * Double(gateCount)
  }

  public var scratchCount: Int {
    [inputCount, unitCount].map { inputs in
      max(
        Gemm.forwardScratchCount(inputCount: inputs, outputCount: gateCount),
        Gemm.weightGradientScratchCount(inputCount: inputs, outputCount: gateCount),
        Gemm.inputGradientScratchCount(inputCount: inputs, outputCount: gateCount))
    }.max() ?? 0
  }

  /// The way back through the steps gives what both gradients are made of.
  public var preparesInputGradient: Bool { true }

  public func makeMemory(batchSize: Int) -> LayerMemory {
    var memory = LayerMemory(batchSize: batchSize, outputCount: unitCount)
    memory.parts = Rooms.parts(batchSize, stepCount, unitCount)
    return memory
  }

  public func forward(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memory: inout LayerMemory,
    pass: inout LayerPass
  ) {
    var rooms = Rooms(takenFrom: &memory)
    advance(
      inputs, count, parameters, &rooms.inputGates, &rooms.hiddenGates, &rooms.states,
      &pass.scratch)
    let size = count * unitCount
    var all = memory.outputs.mutableSpan
    var outputs = all._mutatingExtracting(0..<size)
    Memory.copy(
      rooms.states.span.extracting(size * stepCount..<size * (stepCount + 1)), into: &outputs)
    rooms.giveBack(to: &memory)
  }

  private func advance(
    _ inputs: Span<Float>, _ count: Int, _ parameters: Span<Float>, _ inputGates: inout [Float],
    _ hiddenGates: inout [Float], _ states: inout [Float], _ scratch: inout [Float]
  ) {
    let own = slices
    let size = count * unitCount
    var inputGates = inputGates.mutableSpan
    var hiddenGates = hiddenGates.mutableSpan
    var states = states.mutableSpan
    var scratch = scratch.mutableSpan
    Gemm.forward(
      inputs: inputs, weights: parameters.extracting(own.inputWeight),
      bias: parameters.extracting(own.inputBias), into: &inputGates, scratch: &scratch,
      batchCount: count * stepCount, inputCount: inputCount, outputCount: gateCount)
    for index in 0..<size { states[index] = 0 }
    for step in 0..<stepCount {
      var gates = hiddenGates._mutatingExtracting(3 * size * step..<3 * size * (step + 1))
      Gemm.forward(
        inputs: states.span.extracting(size * step..<size * (step + 1)),
        weights: parameters.extracting(own.stateWeight),
        bias: parameters.extracting(own.stateBias), into: &gates, scratch: &scratch,
        batchCount: count, inputCount: unitCount, outputCount: gateCount)
      var pair = states._mutatingExtracting(size * step..<size * (step + 2))
      GatedRecurrence.advance(
        inputGates: &inputGates, hiddenGates: gates.span, states: &pair, step: step,
        stepCount: stepCount, batchCount: count, unitCount: unitCount)
    }
  }

  public func parameterGradient(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memory: inout LayerMemory,
    into gradient: inout MutableSpan<Float>, pass: inout LayerPass
  ) {
    let own = slices
    var rooms = Rooms(takenFrom: &memory)
    start(memory.outputGradient, count * unitCount, &rooms.stateGradient)
    retreat(
      count, parameters.extracting(own.stateWeight), &rooms.inputGates, &rooms.hiddenGates,
      rooms.states, &rooms.stateGradient, &rooms.product, &pass.scratch)
    if gradient.count > 0 {
      let rows = count * stepCount
      weightGradient(
        inputs, rooms.inputGates, rows, inputCount, own.inputWeight, own.inputBias, &gradient,
        &pass.scratch)
      weightGradient(
        rooms.states.span, rooms.hiddenGates, rows, unitCount, own.stateWeight, own.stateBias,
        &gradient, &pass.scratch)
    }
    rooms.giveBack(to: &memory)
  }

  private func start(_ outputGradient: [Float], _ count: Int, _ slopes: inout [Float]) {
    var all = slopes.mutableSpan
    var slopes = all._mutatingExtracting(0..<count)
    Memory.copy(outputGradient.span.extracting(0..<count), into: &slopes)
  }

  /// Turns the gates of all steps into the gradients by what went into them.
  private func retreat(
    _ count: Int, _ stateWeight: Span<Float>, _ inputGates: inout [Float],
    _ hiddenGates: inout [Float], _ states: [Float], _ slopes: inout [Float],
    _ product: inout [Float], _ scratch: inout [Float]
  ) {
    let size = count * unitCount
    var inputGates = inputGates.mutableSpan
    var hiddenGates = hiddenGates.mutableSpan
    var allSlopes = slopes.mutableSpan
    var slopes = allSlopes._mutatingExtracting(0..<size)
    var allProducts = product.mutableSpan
    var product = allProducts._mutatingExtracting(0..<size)
    var scratch = scratch.mutableSpan
    for step in (0..<stepCount).reversed() {
      var gates = hiddenGates._mutatingExtracting(3 * size * step..<3 * size * (step + 1))
      GatedRecurrence.retreat(
        inputGates: &inputGates, hiddenGates: &gates,
        states: states.span.extracting(size * step..<size * (step + 1)), stateGradient: &slopes,
        step: step, stepCount: stepCount, batchCount: count, unitCount: unitCount)
      // Nothing leads to the first state.
      guard step > 0 else { continue }
      Gemm.inputGradient(
        outputGradient: gates.span, weights: stateWeight, into: &product, scratch: &scratch,
        batchCount: count, inputCount: unitCount, outputCount: gateCount)
      Vectors.axpy(1, product.span, into: &slopes)
    }
  }

  /// Writes the gradients by one weight and by its bias.
  private func weightGradient(
    _ inputs: Span<Float>, _ slopes: [Float], _ rows: Int, _ inputCount: Int,
    _ weight: Range<Int>, _ bias: Range<Int>, _ gradient: inout MutableSpan<Float>,
    _ scratch: inout [Float]
  ) {
    var scratch = scratch.mutableSpan
    do {
      var target = gradient._mutatingExtracting(weight)
      Gemm.weightGradient(
        inputs: inputs, outputGradient: slopes.span, into: &target, scratch: &scratch,
        batchCount: rows, inputCount: inputCount, outputCount: gateCount)
    }
    var target = gradient._mutatingExtracting(bias)
    Gemm.biasGradient(
      outputGradient: slopes.span, into: &target, batchCount: rows, outputCount: gateCount)
  }

  public func inputGradient(
    _ inputs: Span<Float>, count: Int, parameters: Span<Float>, memory: inout LayerMemory,
    into gradient: inout MutableSpan<Float>, pass: inout LayerPass
  ) {
    let slopes = memory.parts[0].outputs
    var scratch = pass.scratch.mutableSpan
    Gemm.inputGradient(
      outputGradient: slopes.span, weights: parameters.extracting(slices.inputWeight),
      into: &gradient, scratch: &scratch, batchCount: count * stepCount, inputCount: inputCount,
      outputCount: gateCount)
  }
}

extension GatedRecurrentUnit {
  /// Where the tensors lie.
  private struct Slices {
    let inputWeight, stateWeight, inputBias, stateBias: Range<Int>
  }

  private var slices: Slices {
    let first = inputCount * gateCount
    let second = first + unitCount * gateCount
    return Slices(
      inputWeight: 0..<first, stateWeight: first..<second,
      inputBias: second..<second + gateCount,
      stateBias: second + gateCount..<second + 2 * gateCount)
  }

  /// What the layer remembers, taken out of a memory so that several parts can be written at a time.
  private struct Rooms {
    /// Ordered by example, then step: at first gates, then the gradients by what went into them.
    var inputGates: [Float] = []
    /// Ordered by step, then example, as those below.
    var hiddenGates: [Float] = []
    /// One step more than there are inputs.
    var states: [Float] = []
    var stateGradient: [Float] = []
    var product: [Float] = []

    static func parts(_ batchSize: Int, _ stepCount: Int, _ unitCount: Int) -> [LayerMemory] {
      [3 * stepCount, 3 * stepCount, stepCount + 1, 1, 1].map {
        LayerMemory(batchSize: batchSize, outputCount: $0 * unitCount)
      }
    }

    init(takenFrom memory: inout LayerMemory) { exchange(with: &memory) }

    mutating func giveBack(to memory: inout LayerMemory) { exchange(with: &memory) }

    private mutating func exchange(with memory: inout LayerMemory) {
      swap(&inputGates, &memory.parts[0].outputs)
      swap(&hiddenGates, &memory.parts[1].outputs)
      swap(&states, &memory.parts[2].outputs)
      swap(&stateGradient, &memory.parts[3].outputs)
      swap(&product, &memory.parts[4].outputs)
    }
  }
}
