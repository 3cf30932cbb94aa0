import Components
import Determinism
import Foundation
import Tensors
import Testing
import Training

/// A case of `Tests/Reference/images.py` or `sequences.py`.
private struct ImageCase: Decodable, Sendable, CustomTestStringConvertible {
  var name: String
  var shape: [Int]
  var layers: [String]
  var classes: Int
  var parameters: [Float]
  var inputs: [[Float]]
  var labels: [Int]
  var logits: [[Double]]
  var loss: Double
  var gradient: [Double]
  var inputGradient: [Double]

  var testDescription: String { name }

  func probe() throws -> ModelProbe {
    try ModelProbe(
      model: network(
        layers, .image(height: shape[0], width: shape[1], channels: shape[2]), classes))
  }

  static func load(file: String = #filePath) throws -> [ImageCase] {
    struct Cases: Decodable { var cases: [ImageCase] }
    return try ["images", "sequences"].flatMap { name in
      let path = URL(fileURLWithPath: file).deletingLastPathComponent()
        .appendingPathComponent("Fixtures/\(name).json")
      return try JSONDecoder().decode(Cases.self, from: try Data(contentsOf: path)).cases
    }
  }
}

private func network(
  _ layers: [String], _ shape: InputShape, _ classes: Int = 10
) throws -> any Model {
  let entry = Sequential.sequentialEntry
  return try entry.make(
    Arguments(
      ["layers": .list(layers.map { .text($0) }), "init": .text("pytorch")], for: entry.manifest),
    ModelSetup(shape: shape, classCount: classes))
}

private func areNear(_ values: [Float], _ expected: [Double]) -> Bool {
  let scale = expected.map(abs).max() ?? 0
  return values.count == expected.count
    && zip(values, expected).allSatisfy { abs(Double($0) - $1) <= 2e-5 * max(scale, 0.01) }
}

@Suite struct ImageNetworkTests {
  @Test(arguments: try ImageCase.load())
  private func `scores, loss and gradients equal the reference`(_ test: ImageCase) throws {
    let probe = try test.probe()
    #expect(areNear(probe.scores(test.inputs, at: test.parameters), test.logits.flatMap { $0 }))
    let loss = probe.loss(test.inputs, test.labels, at: test.parameters)
    #expect(abs(loss / Double(test.labels.count) - test.loss) <= 1e-5 * max(1, test.loss))
    #expect(
      areNear(probe.gradient(test.inputs, test.labels, at: test.parameters), test.gradient))
    #expect(
      areNear(
        probe.inputGradient(test.inputs, test.labels, at: test.parameters), test.inputGradient))
  }

  @Test(arguments: try ImageCase.load())
  private func `the gradient by the features is that of the layers before`(
    _ test: ImageCase
  ) throws {
    let probe = try test.probe()
    let layout = probe.model.layout
    let output = try #require(layout.segments.first { $0.role == .outputWeight })
    // The loss by the scores, through the output layer, gives that by the features.
    let classes = test.classes
    let scores = probe.scores(test.inputs, at: test.parameters)
    let weights = Array(test.parameters[output.range])
    var featureGradient: [Float] = []
    for (row, label) in test.labels.enumerated() {
      let own = scores[row * classes..<(row + 1) * classes].map { exp(Double($0)) }
      let total = own.reduce(0, +)
      for feature in 0..<probe.model.featureCount {
        let sum = (0..<classes).reduce(0.0) {
          $0 + (own[$1] / total - ($1 == label ? 1 : 0))
            * Double(weights[feature * classes + $1])
        }
        featureGradient.append(Float(sum / Double(test.labels.count)))
      }
    }
    var gradient = [Float](repeating: .nan, count: layout.count)
    var workspace = probe.model.makeWorkspace(batchSize: test.labels.count)
    let inputs = test.inputs.flatMap { $0 }
    var target = gradient.mutableSpan
    probe.model.gradient(
      ofFeatures: featureGradient.span, inputs: inputs.span, count: test.labels.count,
      parameters: test.parameters.span, into: &target, workspace: &workspace)
    let end = output.range.lowerBound
    #expect(areNear(Array(gradient[..<end]), Array(test.gradient[..<end])))
    #expect(gradient[end...].allSatisfy { $0 == 0 })
  }

  @Test(arguments: [
    ("lenet-5", 61_706), ("cnn-mnist", 431_080), ("fc-mnist", 79_510),
  ])
  func `the networks of peers have their numbers of parameters`(id: String, count: Int) throws {
    let entry = try #require(builtInModels.first { $0.manifest.id.rawValue == id })
    let model = try entry.make(
      Arguments([:], for: entry.manifest),
      ModelSetup(shape: .image(height: 28, width: 28, channels: 1), classCount: 10))
    #expect(model.layout.count == count)
    #expect(model.layout.segments.last?.role == .outputBias)
  }

  @Test func `rows do not depend on the batch that they are in`() throws {
    let model = try network(
      ["convolution:channels=5,kernel=3", "relu", "max-pool", "dense:units=7", "relu"],
      .image(height: 10, width: 11, channels: 2))
    let probe = ModelProbe(model: model)
    var random = SeedPath(root: 3).stream()
    let parameters = model.initialParameters(using: &random)
    let inputs = (0..<13).map { _ in (0..<220).map { _ in Float(random.normal()) } }
    let together = probe.scores(inputs, at: parameters)
    let alone = inputs.flatMap { probe.scores([$0], at: parameters) }
    #expect(together.map(\.bitPattern) == alone.map(\.bitPattern))
  }

  @Test(arguments: [0, 1, 3])
  func `flattening says only what a dense layer does by itself`(place: Int) throws {
    let layers = ["convolution:channels=3,kernel=3", "relu", "max-pool", "dense:units=4", "relu"]
    var flattened = layers
    flattened.insert("flatten", at: 3)
    // Once more is the same.
    if place == 1 { flattened.insert("flatten", at: 4) }
    if place == 0 { flattened.append("flatten") }
    var scores: [[UInt32]] = []
    var gradients: [[UInt32]] = []
    for layers in [layers, flattened] {
      let model = try network(layers, .image(height: 8, width: 7, channels: 2))
      let probe = ModelProbe(model: model)
      var random = SeedPath(root: 3).stream()
      let parameters = model.initialParameters(using: &random)
      let inputs = (0..<5).map { _ in (0..<112).map { _ in Float(random.normal()) } }
      scores.append(probe.scores(inputs, at: parameters).map(\.bitPattern))
      gradients.append(
        probe.gradient(inputs, [0, 1, 2, 1, 0], at: parameters).map(\.bitPattern)
          + probe.inputGradient(inputs, [0, 1, 2, 1, 0], at: parameters).map(\.bitPattern))
    }
    #expect(scores[0] == scores[1] && gradients[0] == gradients[1])
  }

  @Test(arguments: [
    (
      ["convolution:channels=2,kernel=9"],
      "layer 1: convolution: a kernel of 9 x 9 does not fit into 4 x 5"
    ),
    (
      ["convolution:channels=2,kernel=2", "max-pool:size=4"],
      "layer 2: max-pool: windows of 4 x 4 do not fit into 3 x 4"
    ),
    (["dense:units=3", "max-pool"], "layer 2: max-pool: needs an image, and gets 3 values"),
    (
      ["convolutoin:channels=2"],
      "layer 1: unknown layer 'convolutoin'; did you mean 'convolution'?"
    ),
    (["flatten", "max-pool"], "layer 2: max-pool: needs an image, and gets 20 values"),
    (["dense"], "layer 1: dense: parameter 'units' has to be given here"),
    (["relu:"], "layer 1: layers: 'relu:': '' is not name=value"),
    (["dropout:p=1"], "layer 1: dropout: p is '1'"),
  ])
  func `a layer that does not fit is told with its place`(layers: [String], message: String) {
    let error = #expect(throws: ConfigurationError.self) {
      try network(layers, .image(height: 4, width: 5, channels: 1))
    }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test(arguments: [
    [String](repeating: "convolution:channels=65536,kernel=1,padding=1024", count: 20),
    ["convolution:channels=1024,kernel=1,padding=1024", "average-pool:size=all"],
    ["residual:channels=65536", "residual:channels=65536", "residual:channels=65536"],
    ["embedding:size=65536", "embedding:size=65536", "embedding:size=65536"],
    ["gru:units=65536", "dense:units=1000000"],
    ["convolution:channels=2000,kernel=28,padding=14", "dense:units=1000000"],
  ])
  func `a network that is too large is refused before its sizes are multiplied`(layers: [String]) {
    let error = #expect(throws: ConfigurationError.self) {
      try network(layers, .image(height: 28, width: 28, channels: 1))
    }
    let text = error?.description ?? ""
    #expect(
      text.contains("would keep more than 33554432 values")
        || text.contains("has more than 2147483648"),
      "\(text)")
  }
}
