import Components
import Tensors

extension Sequential {
  /// A network that reads characters and names the next one, or a class.
  public static let characterGRUEntry = ModelEntry(
    manifest: ComponentManifest(
      id: "char-gru",
      summary: "An embedding of characters and a gated recurrent unit over them.",
      formula: "embedding, gru, dense with one output per class",
      preconditions: ["inputs are numbers of tokens"],
      citations: [
        Citation(
          ["Caldas", "Duddu", "Wu", "Li", "Konečný", "McMahan", "Smith", "Talwalkar"],
          "LEAF: A Benchmark for Federated Settings", "arXiv", 2018, arXiv: "1812.01097")
      ],
      origin:
        "As LEAF's network for Shakespeare, with one gated recurrent unit for its two LSTM layers.",
      parameters: [
        ParameterSpec(
          "embedding", .integer(1...65_536), default: .integer(8), help: "values of a character"),
        ParameterSpec(
          "units", .integer(1...65_536), default: .integer(128), help: "values of the state"),
        ParameterSpec(
          "vocabulary", .integer(1...1_000_000, orWords: ["classes"]), default: .text("classes"),
          help: "characters there are, classes = as many as the task has classes"),
        initializationParameter,
      ])
  ) { (arguments, setup) throws(ConfigurationError) in
    var chain = LayerChain(setup.shape)
    chain.append(
      Embedding(
        steps: setup.shape.count,
        vocabulary: arguments.wholeNumber("vocabulary") ?? setup.classCount,
        size: arguments.integer("embedding")), kind: "embedding")
    chain.append(
      GatedRecurrentUnit(
        steps: setup.shape.count, inputs: arguments.integer("embedding"),
        units: arguments.integer("units")), kind: "gru")
    chain.append(
      Dense(inputs: arguments.integer("units"), outputs: setup.classCount), kind: "dense")
    return Sequential(chain, initialization: Initialization(arguments))
  }
}
