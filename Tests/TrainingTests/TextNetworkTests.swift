import Components
import Determinism
import Tensors
import Testing
import Training

private func model(
  _ id: String, _ shape: InputShape, _ given: [String: ArgumentValue] = [:], classes: Int = 30
) throws -> any Model {
  let entry = try #require(builtInModels.first { $0.manifest.id.rawValue == id })
  return try entry.make(
    Arguments(given, for: entry.manifest), ModelSetup(shape: shape, classCount: classes))
}

private func layers(_ layers: [String]) -> [String: ArgumentValue] {
  ["layers": .list(layers.map { .text($0) })]
}

private func start(_ model: any Model) -> [Float] {
  var random = SeedPath(root: 8).stream()
  return model.initialParameters(using: &random)
}

private let texts: [[Float]] = [
  [0, 3, 29, 7, 7, 1], [5, 5, 5, 5, 5, 5], [29, 28, 0, 0, 2, 11], [4, 8, 15, 16, 23, 9],
]

@Suite struct TextNetworkTests {
  @Test func `the network of characters has the parameters of its layers`() throws {
    let usual = try model("char-gru", .vector(80), classes: 80)
    #expect(
      usual.layout.count == 80 * 8 + 3 * 128 * (8 + 128) + 2 * 3 * 128 + 128 * 80 + 80)
    let small = try model(
      "char-gru", .vector(6),
      ["embedding": .integer(3), "units": .integer(5), "vocabulary": .integer(40)]
    )
    #expect(small.layout.count == 40 * 3 + 15 * (3 + 5) + 30 + 5 * 30 + 30)
    #expect(
      small.layout.segments.map(\.name) == [
        "embedding1.weight", "gru1.input-weight", "gru1.state-weight", "gru1.input-bias",
        "gru1.state-bias", "dense1.weight", "dense1.bias",
      ])
    #expect(small.featureCount == 5)
  }

  @Test(arguments: ["he", "pytorch"])
  func `weights of a recurrent unit are uniform in one over the root of its units`(
    initialization: String
  ) throws {
    let model = try model(
      "char-gru", .vector(6), ["init": .text(initialization), "units": .integer(64)])
    let values = start(model)
    for segment in model.layout.segments where segment.name.hasPrefix("gru1") {
      let part = values[segment.range]
      #expect(part.allSatisfy { abs($0) <= 0.125 }, "\(segment.name)")
      #expect(part.contains { $0 > 0.12 } && part.contains { $0 < -0.12 }, "\(segment.name)")
    }
  }

  @Test func `a layer of tokens has as many rows as the task has classes, or as told`() throws {
    for (layer, rows) in [("embedding:size=2", 30), ("embedding:size=2,vocabulary=9", 9)] {
      let model = try model("sequential", .vector(6), layers([layer, "gru:units=3"]))
      #expect(model.layout.segments[0].shape == [rows, 2])
    }
  }

  @Test func `rows do not depend on their batch, nor a pass on the one before`() throws {
    let model = try model("char-gru", .vector(6), ["units": .integer(11)])
    let probe = ModelProbe(model: model)
    let parameters = start(model)
    let together = probe.scores(texts, at: parameters)
    #expect(
      together.map(\.bitPattern)
        == texts.flatMap { probe.scores([$0], at: parameters) }.map(\.bitPattern))

    var workspace = model.makeWorkspace(batchSize: 4)
    func pass(_ rows: Range<Int>) -> [UInt32] {
      let flat = texts[rows].flatMap { $0 }
      let labels = rows.map { 3 * $0 }
      var gradient = [Float](repeating: .nan, count: model.layout.count)
      var target = gradient.mutableSpan
      model.gradient(
        inputs: flat.span, labels: labels.span, parameters: parameters.span, into: &target,
        workspace: &workspace)
      return gradient.map(\.bitPattern)
    }
    let first = pass(1..<3)
    _ = pass(0..<4)
    #expect(pass(1..<3) == first)
    #expect(
      first == probe.gradient(Array(texts[1..<3]), [3, 6], at: parameters).map(\.bitPattern))
  }

  @Test func `tokens that do not occur get no gradient, and inputs none at all`() throws {
    let model = try model("char-gru", .vector(6))
    let probe = ModelProbe(model: model)
    let parameters = start(model)
    let gradient = probe.gradient([texts[0]], [2], at: parameters)
    for token in 0..<30 {
      let row = gradient[token * 8..<token * 8 + 8]
      #expect(row.contains { $0 != 0 } == texts[0].contains(Float(token)), "\(token)")
    }
    #expect(probe.inputGradient([texts[0]], [2], at: parameters) == [Float](repeating: 0, count: 6))
  }

  @Test func `values that are no token count as the nearest one`() throws {
    let probe = ModelProbe(model: try model("char-gru", .vector(6)))
    let parameters = start(probe.model)
    let odd: [Float] = [-.infinity, .nan, -3, 30, 1e30, .infinity]
    let plain: [Float] = [0, 0, 0, 29, 29, 29]
    #expect(probe.scores([odd], at: parameters) == probe.scores([plain], at: parameters))
    #expect(
      probe.gradient([odd], [1], at: parameters) == probe.gradient([plain], [1], at: parameters))
  }

  @Test func `gates that are far open or closed stay numbers`() throws {
    let model = try model(
      "sequential", .image(height: 3, width: 1, channels: 1), layers(["gru:units=2"]))
    let probe = ModelProbe(model: model)
    let parameters = start(model).map { $0 < 0 ? -1 : 1 as Float }
    for size in [1e4, 1e30] as [Float] {
      let inputs: [[Float]] = [[size, -size, size]]
      #expect(probe.scores(inputs, at: parameters).allSatisfy { $0.isFinite })
      #expect(probe.gradient(inputs, [1], at: parameters).allSatisfy { $0.isFinite })
    }
    let broken = probe.scores([[1, .nan, 1]], at: parameters)
    #expect(broken.allSatisfy { $0.isNaN })
  }

  @Test func `a network of characters learns which character comes last`() throws {
    let model = try model("char-gru", .vector(6), ["units": .integer(16)], classes: 5)
    let probe = ModelProbe(model: model)
    var random = SeedPath(root: 4).stream()
    let inputs = (0..<60).map { _ in (0..<6).map { _ in Float(random.index(below: 5)) } }
    let labels = inputs.map { Int($0[5]) }
    var parameters = start(model)
    let before = probe.loss(inputs, labels, at: parameters)
    for _ in 0..<60 {
      let gradient = probe.gradient(inputs, labels, at: parameters)
      for index in parameters.indices { parameters[index] -= gradient[index] }
    }
    let after = probe.loss(inputs, labels, at: parameters)
    #expect(after < before / 10, "\(before) to \(after)")
  }

  @Test(arguments: [
    (["gru:units=4"], "layer 1: gru: needs an image or an embedding"),
    (["embedding:size=2", "gru:units=4", "gru:units=4"], "layer 3: gru: needs an image"),
    (["embedding:vocabulary=none"], "layer 1: embedding: vocabulary is 'none'"),
  ])
  func `a layer that does not fit is told with its place`(layers list: [String], message: String) {
    let error = #expect(throws: ConfigurationError.self) {
      try model("sequential", .vector(6), layers(list))
    }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }
}
