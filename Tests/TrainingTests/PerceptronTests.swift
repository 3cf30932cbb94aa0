import Determinism
import Tensors
import Testing
import Training

@Suite struct PerceptronTests {
  @Test(arguments: try TrainingFixture.load())
  func `scores, loss and gradient equal the reference`(_ test: TrainingFixture.Case) {
    let probe = ModelProbe(model: test.model)
    let scores = probe.scores(test.inputs, at: test.parameters)
    #expect(areClose(scores, test.logits.flatMap { $0 }))
    let loss = probe.loss(test.inputs, test.labels, at: test.parameters)
    #expect(abs(loss / Double(test.labels.count) - test.loss) <= 1e-5 * max(1, test.loss))
    #expect(
      areClose(probe.gradient(test.inputs, test.labels, at: test.parameters), test.gradient))
  }

  @Test(arguments: [[], [7], [5, 6], [1, 1, 1]], [1, 2, 9])
  func `gradients equal finite differences`(hidden: [Int], batch: Int) {
    let model = Sequential.perceptron(
      inputs: 6, hidden: hidden, classes: 4, initialization: .pytorch)
    var random = SeedPath(root: 21).child(batch).child(hidden.count).stream()
    let parameters = model.initialParameters(using: &random)
    let inputs = (0..<batch).map { _ in (0..<6).map { _ in Float(random.normal()) } }
    let labels = (0..<batch).map { _ in random.index(below: 4) }
    let plain = PlainPerceptron(sizes: [6] + hidden + [4])
    let expected = plain.gradient(inputs, labels, at: parameters.map(Double.init))
    let probe = ModelProbe(model: model)
    #expect(areClose(probe.gradient(inputs, labels, at: parameters), expected))
    let loss = probe.loss(inputs, labels, at: parameters) / Double(batch)
    #expect(abs(loss - plain.loss(inputs, labels, at: parameters.map(Double.init))) < 1e-5)
  }

  @Test(arguments: [[], [7], [5, 6], [1, 1, 1]], [1, 2, 9])
  func `gradients by the inputs equal finite differences`(hidden: [Int], batch: Int) {
    let model = Sequential.perceptron(
      inputs: 6, hidden: hidden, classes: 4, initialization: .pytorch)
    var random = SeedPath(root: 22).child(batch).child(hidden.count).stream()
    let parameters = model.initialParameters(using: &random)
    let inputs = (0..<batch).map { _ in (0..<6).map { _ in Float(random.normal()) } }
    let labels = (0..<batch).map { _ in random.index(below: 4) }
    let expected = PlainPerceptron(sizes: [6] + hidden + [4])
      .inputGradient(inputs, labels, at: parameters.map(Double.init))
    #expect(
      areClose(ModelProbe(model: model).inputGradient(inputs, labels, at: parameters), expected))
  }

  @Test(arguments: try TrainingFixture.load(), [1, 4])
  func `the gradient with the loss has the bits of the gradient without`(
    _ test: TrainingFixture.Case, copies: Int
  ) {
    let probe = ModelProbe(model: test.model)
    let inputs = (0..<copies).flatMap { _ in test.inputs }
    let labels = (0..<copies).flatMap { _ in test.labels }
    let (loss, gradient) = probe.lossAndGradient(inputs, labels, at: test.parameters)
    let plain = probe.gradient(inputs, labels, at: test.parameters)
    #expect(gradient.map(\.bitPattern) == plain.map(\.bitPattern))
    #expect(loss == probe.loss(inputs, labels, at: test.parameters))
  }

  @Test(arguments: [[], [7], [5, 6]], [1, 9])
  func `features are the last hidden layer, or the inputs`(hidden: [Int], batch: Int) {
    let model = Sequential.perceptron(
      inputs: 6, hidden: hidden, classes: 4, initialization: .pytorch)
    #expect(model.featureCount == hidden.last ?? 6)
    var random = SeedPath(root: 23).child(batch).stream()
    let parameters = model.initialParameters(using: &random)
    let inputs = (0..<batch).map { _ in (0..<6).map { _ in Float(random.normal()) } }
    let features = ModelProbe(model: model).features(inputs, at: parameters)
    guard !hidden.isEmpty else {
      #expect(features == inputs.flatMap { $0 })
      return
    }
    // The output layer on top of the features gives the scores.
    #expect(features.allSatisfy { $0 >= 0 } && features.contains { $0 > 0 })
    let width = model.featureCount
    let top = Sequential.perceptron(inputs: width, hidden: [], classes: 4, initialization: .he)
    let rows = (0..<batch).map { Array(features[$0 * width..<($0 + 1) * width]) }
    let scores = ModelProbe(model: top)
      .scores(rows, at: Array(parameters.suffix(top.layout.count)))
    #expect(scores == ModelProbe(model: model).scores(inputs, at: parameters))
  }

  @Test func `a workspace can be reused for smaller batches`() {
    let model = Sequential.perceptron(inputs: 3, hidden: [4], classes: 2, initialization: .he)
    var random = SeedPath(root: 2).stream()
    let parameters = model.initialParameters(using: &random)
    let inputs = (0..<5).map { _ in (0..<3).map { _ in Float(random.normal()) } }
    let labels = [0, 1, 1, 0, 1]
    var workspace = model.makeWorkspace(batchSize: 5)
    for count in [5, 2, 5, 1] {
      let part = Array(inputs.prefix(count))
      let expected = ModelProbe(model: model).gradient(
        part, Array(labels.prefix(count)), at: parameters)
      var gradient = [Float](repeating: .nan, count: model.layout.count)
      let flat = part.flatMap { $0 }
      var target = gradient.mutableSpan
      model.gradient(
        inputs: flat.span, labels: labels.span.extracting(0..<count),
        parameters: parameters.span, into: &target, workspace: &workspace)
      #expect(gradient == expected)
    }
  }

  @Test func `the layout names layers and marks the output`() {
    let layout = Sequential.perceptron(inputs: 3, hidden: [5, 4], classes: 2, initialization: .he)
      .layout
    #expect(
      layout.segments.map(\.name) == [
        "dense1.weight", "dense1.bias", "dense2.weight", "dense2.bias", "dense3.weight",
        "dense3.bias",
      ])
    #expect(
      layout.segments.map(\.role) == [.weight, .bias, .weight, .bias, .outputWeight, .outputBias])
    #expect(layout.segments.map(\.shape) == [[3, 5], [5], [5, 4], [4], [4, 2], [2]])
    #expect(layout.segments.map(\.range) == [0..<15, 15..<20, 20..<40, 40..<44, 44..<52, 52..<54])
    #expect(layout.count == 54)
  }

  @Test func `widths of zero and batches beyond the workspace trap`() async {
    await #expect(processExitsWith: .failure) {
      _ = Sequential.perceptron(inputs: 3, hidden: [0], classes: 2, initialization: .he)
    }
    await #expect(processExitsWith: .failure) {
      let model = Sequential.perceptron(inputs: 1, hidden: [], classes: 2, initialization: .he)
      var workspace = model.makeWorkspace(batchSize: 1)
      var gradient = [Float](repeating: 0, count: 4)
      let parameters = gradient
      let inputs: [Float] = [1, 2]
      let labels = [0, 1]
      var target = gradient.mutableSpan
      model.gradient(
        inputs: inputs.span, labels: labels.span, parameters: parameters.span, into: &target,
        workspace: &workspace)
    }
  }
}

/// Whether values agree with a reference to 10⁻⁵, relative to the reference where that is above 1.
func areClose(_ values: [Float], _ reference: [Double]) -> Bool {
  values.count == reference.count
    && zip(values, reference).allSatisfy { abs(Double($0) - $1) <= 1e-5 * max(1, abs($1)) }
}
