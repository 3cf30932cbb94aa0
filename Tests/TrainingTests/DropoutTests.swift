import Determinism
import Tensors
import Testing
import Training

@Suite struct DropoutTests {
  private func pass(
    _ layer: Dropout, _ inputs: [Float], random: RandomStream?
  ) -> (outputs: [Float], gradient: [Float]) {
    var memory = layer.makeMemory(batchSize: 1)
    var pass = LayerPass(scratchCount: 0, random: random)
    let none: [Float] = []
    layer.forward(inputs.span, count: 1, parameters: none.span, memory: &memory, pass: &pass)
    memory.outputGradient = [Float](repeating: 1, count: inputs.count)
    var gradient = [Float](repeating: .nan, count: inputs.count)
    var target = gradient.mutableSpan
    layer.inputGradient(
      inputs.span, count: 1, parameters: none.span, memory: &memory, into: &target, pass: &pass)
    return (memory.outputs, gradient)
  }

  @Test func `a share of the values is dropped and the others grow`() {
    let inputs = [Float](repeating: 3, count: 20_000)
    let (outputs, gradient) = pass(
      Dropout(.vector(20_000), probability: 0.25), inputs, random: SeedPath(root: 1).stream())
    let dropped = outputs.count { $0 == 0 }
    #expect(abs(Double(dropped) / 20_000 - 0.25) < 0.015)
    #expect(outputs.allSatisfy { $0 == 0 || $0 == 4 })
    // The gradient takes the same way.
    #expect(zip(outputs, gradient).allSatisfy { $0 == 0 ? $1 == 0 : abs($1 - 4 / 3) < 1e-6 })
  }

  @Test func `evaluation drops nothing`() {
    let inputs: [Float] = [1, -2, 3]
    let (outputs, gradient) = pass(Dropout(.vector(3), probability: 0.9), inputs, random: nil)
    #expect(outputs == inputs && gradient == [1, 1, 1])
  }

  @Test func `training draws the same for the same seed and other values for another`() {
    var chain = LayerChain(.vector(4))
    chain.append(Dense(inputs: 4, outputs: 32), kind: "dense")
    chain.rectify()
    chain.append(Dropout(.vector(32), probability: 0.5), kind: "dropout")
    chain.append(Dense(inputs: 32, outputs: 2), kind: "dense")
    let model = Sequential(chain, initialization: .he)
    #expect(model.isRandom)
    var random = SeedPath(root: 5).stream()
    let start = model.initialParameters(using: &random)
    let data = Matrix<Float>(rowCount: 6, columnCount: 4, values: (0..<24).map { Float($0) / 24 })
    func trained(_ seed: UInt64) -> [Float] {
      var trainer = LocalTrainer(model: model, batchSize: 6)
      var order = SeedPath(root: seed).stream()
      trainer.train(
        from: start, inputs: data, labels: [0, 1, 0, 1, 1, 0],
        schedule: LocalSchedule(length: .epochs(2), batchSize: 6, learningRate: 0.1),
        random: &order)
      return trainer.parameters
    }
    #expect(trained(1) == trained(1))
    #expect(trained(1) != trained(2))
  }
}
