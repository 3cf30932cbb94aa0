import Components
import Tensors

extension Sequential {
  /// Returns a multi-layer perceptron: dense layers with ReLU between them.
  ///
  /// No hidden layer makes it multinomial logistic regression.
  ///
  /// - Precondition: All sizes are positive.
  public static func perceptron(
    inputs: Int, hidden: [Int], classes: Int, initialization: Initialization
  ) -> Sequential {
    var chain = LayerChain(.vector(inputs))
    var width = inputs
    for (index, next) in (hidden + [classes]).enumerated() {
      if index > 0 { chain.rectify() }
      chain.append(Dense(inputs: width, outputs: next), kind: "dense")
      width = next
    }
    return Sequential(chain, initialization: initialization)
  }

  /// Multinomial logistic regression.
  public static let logisticEntry = ModelEntry(
    manifest: ComponentManifest(
      id: "logistic", summary: "Multinomial logistic regression.",
      formula: "softmax(x W + b) with the cross-entropy loss",
      parameters: [initializationParameter])
  ) { (arguments, setup) throws(ConfigurationError) in
    perceptron(arguments, setup, hidden: [])
  }

  /// A multi-layer perceptron.
  public static let multilayerEntry = ModelEntry(
    manifest: ComponentManifest(
      id: "mlp", summary: "A multi-layer perceptron with ReLU between its layers.",
      formula: "softmax over dense layers with ReLU between them, with the cross-entropy loss",
      parameters: [
        ParameterSpec(
          "hidden", .list(of: .integer(1...1_000_000), count: 1...100), default: .required,
          help: "widths of the hidden layers, such as [64]"),
        initializationParameter,
      ])
  ) { (arguments, setup) throws(ConfigurationError) in
    perceptron(arguments, setup, hidden: arguments.integers("hidden"))
  }

  static let initializationParameter = ParameterSpec(
    "init", .choice(Initialization.allCases.map(\.rawValue)), default: .text("he"),
    help: "how weights are drawn before the first round")

  private static func perceptron(
    _ arguments: Arguments, _ setup: ModelSetup, hidden: [Int]
  ) -> Sequential {
    perceptron(
      inputs: setup.shape.count, hidden: hidden, classes: setup.classCount,
      initialization: Initialization(arguments))
  }
}

extension Initialization {
  /// What the parameter `init` chooses.
  init(_ arguments: Arguments) { self = Initialization(rawValue: arguments.text("init")) ?? .he }
}
