import Components
import Tensors

extension Perceptron {
  /// Multinomial logistic regression.
  public static let logisticEntry = ModelEntry(
    manifest: ComponentManifest(
      id: "logistic", summary: "Multinomial logistic regression.",
      formula: "softmax(x W + b) with the cross-entropy loss",
      parameters: [initializationParameter])
  ) { (arguments, setup) throws(ConfigurationError) in
    made(arguments, setup, hidden: [])
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
    made(arguments, setup, hidden: arguments.integers("hidden"))
  }

  private static let initializationParameter = ParameterSpec(
    "init", .choice(Initialization.allCases.map(\.rawValue)), default: .text("he"),
    help: "how weights are drawn before the first round")

  private static func made(
    _ arguments: Arguments, _ setup: ModelSetup, hidden: [Int]
  ) -> Perceptron {
    Perceptron(
      inputs: setup.shape.count, hidden: hidden, classes: setup.classCount,
      initialization: Initialization(rawValue: arguments.text("init")) ?? .he)
  }
}
