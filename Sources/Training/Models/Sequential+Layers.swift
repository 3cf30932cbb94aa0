import Components
import Tensors

extension Sequential {
  /// Any layers one after the other.
  public static let sequentialEntry = ModelEntry(
    manifest: ComponentManifest(
      id: "sequential", summary: "Layers of your choice, one after the other.",
      formula:
        "softmax over the layers and a dense layer with one output per class, with the cross-entropy loss",
      origin: "Layers: "
        + builtInLayers.map { "\($0.manifest.id)" }.joined(separator: ", ") + ".",
      parameters: [
        ParameterSpec(
          "layers", .list(of: .text, count: 1...1_000), default: .required,
          help: "such as [\"convolution:channels=6,kernel=5\", relu, max-pool]; the dense layer "
            + "with one output per class comes by itself"),
        initializationParameter,
      ])
  ) { (arguments, setup) throws(ConfigurationError) in
    try Sequential(
      (arguments.list("layers") ?? []).map(\.description), setup, Initialization(arguments),
      "sequential")
  }

  /// Returns the entry of a network that is known by a name.
  static func named(
    _ id: ComponentID, _ summary: String, _ layers: [String], citations: [Citation] = [],
    origin: String = "", takesAnything: Bool = false
  ) -> ModelEntry {
    ModelEntry(
      manifest: ComponentManifest(
        id: id, summary: summary,
        formula: layers.joined(separator: ", ") + ", dense with one output per class",
        preconditions: takesAnything ? [] : ["images"], citations: citations, origin: origin,
        parameters: [initializationParameter])
    ) { (arguments, setup) throws(ConfigurationError) in
      try Sequential(layers, setup, Initialization(arguments), id)
    }
  }

  /// Creates a network of layers as command lines write components.
  private init(
    _ layers: [String], _ setup: ModelSetup, _ initialization: Initialization, _ id: ComponentID
  ) throws(ConfigurationError) {
    var chain = LayerChain(setup.shape, classCount: setup.classCount)
    for (index, text) in layers.enumerated() {
      do throws(ConfigurationError) {
        try chain.append(text)
      } catch {
        // What comes after a layer that is wrong would be wrong because of it.
        throw ConfigurationError(
          error.problems.map { .invalid(component: id, reason: "layer \(index + 1): \($0)") })
      }
    }
    chain.append(
      Dense(inputs: chain.outputShape.count, outputs: setup.classCount), kind: "dense")
    self.init(chain, initialization: initialization)
  }
}

extension LayerChain {
  /// Adds the layer that an expression names.
  mutating func append(_ text: String) throws(ConfigurationError) {
    let expression: ComponentExpression
    do throws(ComponentExpression.SyntaxError) {
      expression = try ComponentExpression(text)
    } catch {
      throw ConfigurationError(.invalid(component: "layers", reason: "\(error)"))
    }
    guard let entry = builtInLayers.first(where: { $0.manifest.id == expression.id }) else {
      throw ConfigurationError(
        .unknownComponent(
          kind: "layer", id: expression.id, known: builtInLayers.map(\.manifest.id)))
    }
    let arguments = try Arguments(expression.given, for: entry.manifest)
    try entry.append(arguments, &self)
  }
}
