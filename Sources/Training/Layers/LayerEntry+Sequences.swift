import Components
import Tensors

extension LayerEntry {
  static let embedding = LayerEntry(
    manifest: ComponentManifest(
      id: "embedding",
      summary: "A row of a table for each token; inputs are numbers of tokens, from 0.",
      formula: "W[x]",
      preconditions: ["inputs are numbers of tokens"],
      origin: "The gradient by the inputs is 0. Numbers beyond the table count as its last row.",
      parameters: [
        ParameterSpec(
          "size", .integer(1...65_536), default: .integer(8), help: "values of a row"),
        ParameterSpec(
          "vocabulary", .integer(1...1_000_000, orWords: ["classes"]), default: .text("classes"),
          help: "rows of the table, classes = as many as the task has classes"),
      ])
  ) { (arguments, chain) throws(ConfigurationError) in
    guard let vocabulary = arguments.wholeNumber("vocabulary") ?? chain.classCount else {
      throw ConfigurationError(
        .invalid(component: "embedding", reason: "vocabulary has to be given here"))
    }
    let (steps, size) = (chain.outputShape.count, arguments.integer("size"))
    try chain.require("embedding", outputs: [steps, size], weights: [vocabulary, size])
    chain.append(
      Embedding(steps: steps, vocabulary: vocabulary, size: size), kind: "embedding")
  }

  static let gatedRecurrentUnit = LayerEntry(
    manifest: ComponentManifest(
      id: "gru",
      summary:
        "A gated recurrent unit over the rows of an image or the rows of an embedding; gives "
        + "the last state.",
      formula:
        "r = s(x W_r + b_r + h V_r + c_r), z = s(x W_z + b_z + h V_z + c_z), "
        + "n = tanh(x W_n + b_n + r (h V_n + c_n)), h = (1 - z) n + z h",
      preconditions: ["images or embeddings"],
      citations: [
        Citation(
          ["Cho", "van Merriënboer", "Gulcehre", "Bahdanau", "Bougares", "Schwenk", "Bengio"],
          "Learning Phrase Representations using RNN Encoder-Decoder for Statistical Machine "
            + "Translation", "EMNLP", 2014, doi: "10.3115/v1/D14-1179")
      ],
      origin:
        "PyTorch's form, with two biases; weights are drawn uniform in 1 / sqrt(units) either way.",
      parameters: [
        ParameterSpec(
          "units", .integer(1...65_536), default: .required, help: "values of the state")
      ])
  ) { (arguments, chain) throws(ConfigurationError) in
    guard case .image(let height, let width, let channels) = chain.outputShape else {
      throw ConfigurationError(
        .invalid(
          component: "gru",
          reason: "needs an image or an embedding, whose rows are its steps, and gets "
            + "\(chain.outputShape.count) values"))
    }
    let (inputs, units) = (width * channels, arguments.integer("units"))
    // The gates of inputs and states, and the states.
    try chain.require("gru", outputs: [7, height, units], weights: [3, inputs + units, units])
    chain.append(GatedRecurrentUnit(steps: height, inputs: inputs, units: units), kind: "gru")
  }
}
