import Components
import Determinism
import Tensors
import Testing
import Training

private func model(
  _ id: String, _ shape: InputShape, _ given: [String: ArgumentValue] = [:]
) throws -> any Model {
  let entry = try #require(builtInModels.first { $0.manifest.id.rawValue == id })
  return try entry.make(
    Arguments(given, for: entry.manifest), ModelSetup(shape: shape, classCount: 10))
}

private let small = InputShape.image(height: 12, width: 12, channels: 3)

private func sample(_ count: Int) -> (inputs: [[Float]], labels: [Int]) {
  var random = SeedPath(root: 5).stream()
  let inputs = (0..<count).map { _ in (0..<small.count).map { _ in Float(random.normal()) } }
  return (inputs, (0..<count).map { $0 * 3 % 10 })
}

@Suite struct ResidualNetworkTests {
  /// Two 3 × 3 convolutions, a normalization behind each, and the shortcut where sizes change.
  private func block(_ inputs: Int, _ outputs: Int, changes: Bool) -> Int {
    9 * inputs * outputs + 9 * outputs * outputs + 4 * outputs
      + (changes ? inputs * outputs + 2 * outputs : 0)
  }

  @Test func `the residual networks have the parameters of their layers`() throws {
    let image = InputShape.image(height: 32, width: 32, channels: 3)
    let eight =
      27 * 16 + 2 * 16 + block(16, 16, changes: false) + block(16, 32, changes: true)
      + block(32, 64, changes: true) + 650
    #expect(eight == 78_042)
    #expect(try model("resnet-8", image).layout.count == eight)
    let eighteen =
      27 * 64 + 2 * 64 + 2 * block(64, 64, changes: false)
      + [64, 128, 256].reduce(0) {
        $0 + block($1, 2 * $1, changes: true) + block(2 * $1, 2 * $1, changes: false)
      } + 5_130
    // PyTorch's variant for CIFAR with batch normalization has the same number.
    #expect(eighteen == 11_173_962)
    #expect(try model("resnet-18", image).layout.count == eighteen)
  }

  @Test func `tensors are called after their block`() throws {
    let layout = try model("resnet-8", small).layout
    let names = layout.segments.map(\.name)
    #expect(
      names.prefix(9) == [
        "conv1.weight", "norm1.weight", "norm1.bias", "residual1.conv1.weight",
        "residual1.norm1.weight", "residual1.norm1.bias", "residual1.conv2.weight",
        "residual1.norm2.weight", "residual1.norm2.bias",
      ])
    #expect(names.contains("residual2.shortcut.conv1.weight"))
    #expect(!names.contains("residual1.shortcut.conv1.weight"))
    #expect(Set(names).count == names.count && names.last == "dense1.bias")
  }

  @Test(arguments: ["he", "glorot", "pytorch"])
  func `normalizations begin with scale 1 and shift 0`(initialization: String) throws {
    let model = try model("resnet-8", small, ["init": .text(initialization)])
    var random = SeedPath(root: 1).stream()
    let values = model.initialParameters(using: &random)
    for segment in model.layout.segments where segment.name.contains("norm") {
      let expected: Float = segment.name.hasSuffix("weight") ? 1 : 0
      #expect(values[segment.range].allSatisfy { $0 == expected }, "\(segment.name)")
    }
  }

  @Test func `rows do not depend on their batch, nor a pass on the one before`() throws {
    let model = try model("resnet-8", small)
    let probe = ModelProbe(model: model)
    var random = SeedPath(root: 2).stream()
    let parameters = model.initialParameters(using: &random)
    let (inputs, labels) = sample(5)
    let together = probe.scores(inputs, at: parameters)
    #expect(together.bits == inputs.flatMap { probe.scores([$0], at: parameters) }.bits)

    var workspace = model.makeWorkspace(batchSize: 5)
    func pass(_ rows: Range<Int>) -> [Float] {
      let flat = inputs[rows].flatMap { $0 }
      let own = Array(labels[rows])
      var gradient = [Float](repeating: .nan, count: model.layout.count)
      var target = gradient.mutableSpan
      model.gradient(
        inputs: flat.span, labels: own.span, parameters: parameters.span, into: &target,
        workspace: &workspace)
      return gradient
    }
    let first = pass(1..<4)
    _ = pass(0..<5)
    #expect(pass(1..<4).bits == first.bits)
    #expect(
      first.bits == probe.gradient(Array(inputs[1..<4]), Array(labels[1..<4]), at: parameters).bits)
  }

  @Test func `the gradient by the inputs needs no gradient by the parameters`() throws {
    let model = try model("resnet-8", small)
    let probe = ModelProbe(model: model)
    var random = SeedPath(root: 3).stream()
    let parameters = model.initialParameters(using: &random)
    let (inputs, labels) = sample(2)
    let fresh = probe.inputGradient(inputs, labels, at: parameters)
    // A gradient by the parameters before it, in the same workspace, changes nothing.
    var workspace = model.makeWorkspace(batchSize: 2)
    let flat = inputs.flatMap { $0 }
    var gradient = [Float](repeating: .nan, count: model.layout.count)
    var byInputs = [Float](repeating: .nan, count: flat.count)
    var target = gradient.mutableSpan
    var inputTarget = byInputs.mutableSpan
    model.gradient(
      inputs: flat.span, labels: labels.span, parameters: parameters.span, into: &target,
      workspace: &workspace)
    model.inputGradient(
      inputs: flat.span, labels: labels.span, parameters: parameters.span, into: &inputTarget,
      workspace: &workspace)
    #expect(byInputs.bits == fresh.bits && fresh.contains { $0 != 0 })
  }

  @Test(arguments: [
    ("group-norm:groups=4", "layer 1: group-norm: 4 groups do not divide 3 channels"),
    ("residual:channels=6,groups=4", "layer 1: residual: 4 groups do not divide 6 channels"),
    ("residual:stride=2", "layer 1: residual: parameter 'channels' has to be given here"),
  ])
  func `groups that do not fit are told`(layer: String, message: String) {
    let error = #expect(throws: ConfigurationError.self) {
      try model("sequential", small, ["layers": .list([.text(layer)])])
    }
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
  }

  @Test func `a residual block needs an image`() {
    let error = #expect(throws: ConfigurationError.self) {
      try model("resnet-8", .vector(12))
    }
    #expect(error?.description.contains("layer 1: convolution: needs an image") == true)
  }
}

extension [Float] {
  fileprivate var bits: [UInt32] { map(\.bitPattern) }
}
