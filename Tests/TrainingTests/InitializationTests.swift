import Determinism
import Tensors
import Testing
import Training

@Suite struct InitializationTests {
  private static let inputs = 400
  private static let outputs = 250

  private func parameters(
    _ initialization: Initialization, seed: UInt64 = 1
  ) -> (weights: [Double], biases: [Double]) {
    let model = Sequential.perceptron(
      inputs: Self.inputs, hidden: [], classes: Self.outputs, initialization: initialization)
    var random = SeedPath(root: seed).stream()
    let all = model.initialParameters(using: &random).map(Double.init)
    let split = Self.inputs * Self.outputs
    return (Array(all[..<split]), Array(all[split...]))
  }

  private func variance(_ values: [Double]) -> Double {
    values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
  }

  @Test func `He weights are normal with variance 2 over inputs`() {
    let (weights, biases) = parameters(.he)
    let expected = 2 / Double(Self.inputs)
    #expect(abs(variance(weights) / expected - 1) < 0.03)
    // A normal has 4.55 % beyond two deviations, a uniform none.
    let beyond = weights.count { abs($0) > 2 * expected.squareRoot() }
    #expect(abs(Double(beyond) / Double(weights.count) - 0.0455) < 0.005)
    #expect(biases.allSatisfy { $0 == 0 })
  }

  @Test func `Glorot weights are uniform in the bound of inputs and outputs`() {
    let (weights, biases) = parameters(.glorot)
    let bound = (6 / Double(Self.inputs + Self.outputs)).squareRoot()
    #expect(weights.allSatisfy { abs($0) <= bound * 1.000_001 })
    #expect(weights.contains { $0 > 0.999 * bound } && weights.contains { $0 < -0.999 * bound })
    #expect(abs(variance(weights) / (bound * bound / 3) - 1) < 0.03)
    #expect(biases.allSatisfy { $0 == 0 })
  }

  @Test func `PyTorch's default is uniform in one over the root of inputs, biases too`() {
    let (weights, biases) = parameters(.pytorch)
    let bound = 1 / Double(Self.inputs).squareRoot()
    for values in [weights, biases] {
      #expect(values.allSatisfy { abs($0) <= bound * 1.000_001 })
      #expect(values.contains { $0 > 0.95 * bound } && values.contains { $0 < -0.95 * bound })
    }
    #expect(abs(variance(weights) / (bound * bound / 3) - 1) < 0.03)
    #expect(abs(variance(biases) / (bound * bound / 3) - 1) < 0.3)
  }

  @Test func `each layer is drawn for its own width`() {
    let model = Sequential.perceptron(inputs: 100, hidden: [900], classes: 50, initialization: .he)
    var random = SeedPath(root: 4).stream()
    let values = model.initialParameters(using: &random).map(Double.init)
    for (segment, expected) in [(0, 2.0 / 100), (2, 2.0 / 900)] {
      let part = Array(values[model.layout.segments[segment].range])
      #expect(abs(variance(part) / expected - 1) < 0.05)
    }
  }

  @Test(arguments: Initialization.allCases)
  func `the stream alone decides`(_ initialization: Initialization) {
    #expect(parameters(initialization).weights == parameters(initialization).weights)
    #expect(parameters(initialization).weights != parameters(initialization, seed: 2).weights)
  }
}
