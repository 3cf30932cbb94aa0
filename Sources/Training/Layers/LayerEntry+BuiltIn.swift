import Components
import Tensors

extension LayerEntry {
  static let convolution = LayerEntry(
    manifest: ComponentManifest(
      id: "convolution", summary: "A two-dimensional convolution.",
      formula: "sum over the kernel and the input channels of x W, + b",
      preconditions: ["images"],
      parameters: [
        ParameterSpec(
          "channels", .integer(1...65_536), default: .required, help: "output channels"),
        ParameterSpec(
          "kernel", .integer(1...1_024), default: .required, help: "height and width of the kernel"
        ),
        ParameterSpec(
          "stride", .integer(1...1_024), default: .integer(1),
          help: "the way from one place of the kernel to the next"),
        ParameterSpec(
          "padding", .integer(0...1_024), default: .integer(0),
          help: "rows and columns of zeros on each side"),
        ParameterSpec(
          "bias", .choice(["yes", "no"]), default: .text("yes"), help: "whether channels have one"),
      ])
  ) { (arguments, chain) throws(ConfigurationError) in
    let image = try Image(chain, "convolution")
    let (kernel, padding) = (arguments.integer("kernel"), arguments.integer("padding"))
    guard kernel <= image.height + 2 * padding, kernel <= image.width + 2 * padding else {
      throw invalid("convolution", "a kernel of \(kernel) x \(kernel) does not fit", image, padding)
    }
    let channels = arguments.integer("channels")
    let (height, width) = (image.height + 2 * padding, image.width + 2 * padding)
    let stride = arguments.integer("stride")
    try chain.require(
      "convolution", padded: [height, width, image.channels],
      outputs: [(height - kernel) / stride + 1, (width - kernel) / stride + 1, channels],
      weights: [kernel, kernel, image.channels, channels])
    chain.append(
      Convolution2D(
        height: image.height, width: image.width, channels: image.channels,
        outputChannels: channels, kernel: kernel,
        stride: stride, padding: padding,
        hasBias: arguments.text("bias") == "yes"), kind: "conv")
  }

  static let maximumPooling = pooling(
    .maximum, "max-pool", "The largest value of each window.", "max over the window of x")

  static let averagePooling = pooling(
    .average, "average-pool", "The mean of each window.", "mean over the window of x")

  private static func pooling(
    _ kind: Pooling2D.Kind, _ id: ComponentID, _ summary: String, _ formula: String
  ) -> LayerEntry {
    LayerEntry(
      manifest: ComponentManifest(
        id: id, summary: summary, formula: formula, preconditions: ["images"],
        parameters: [
          ParameterSpec(
            "size", .integer(1...1_024, orWords: ["all"]), default: .integer(2),
            help: "height and width of a window, all = the whole image"),
          ParameterSpec(
            "stride", .integer(1...1_024, orWords: ["size"]), default: .text("size"),
            help: "the way from one window to the next"),
        ])
    ) { (arguments, chain) throws(ConfigurationError) in
      let image = try Image(chain, id)
      let size = arguments.wholeNumber("size")
      let (height, width) = (size ?? image.height, size ?? image.width)
      guard height <= image.height, width <= image.width else {
        throw invalid(id, "windows of \(height) x \(width) do not fit", image, 0)
      }
      chain.append(
        Pooling2D(
          kind, height: image.height, width: image.width, channels: image.channels,
          windowHeight: height, windowWidth: width,
          stride: arguments.wholeNumber("stride") ?? max(height, width)), kind: id.rawValue)
    }
  }

  static let dense = LayerEntry(
    manifest: ComponentManifest(
      id: "dense", summary: "A dense layer; images are flattened before it.", formula: "x W + b",
      parameters: [
        ParameterSpec("units", .integer(1...1_000_000), default: .required, help: "outputs")
      ])
  ) { (arguments, chain) throws(ConfigurationError) in
    let units = arguments.integer("units")
    try chain.require("dense", outputs: [units], weights: [chain.outputShape.count, units])
    chain.append(Dense(inputs: chain.outputShape.count, outputs: units), kind: "dense")
  }

  static let dropout = LayerEntry(
    manifest: ComponentManifest(
      id: "dropout", summary: "Sets values to zero at random, in training.",
      formula: "x / (1 - p) with probability 1 - p, else 0",
      citations: [
        Citation(
          ["Srivastava", "Hinton", "Krizhevsky", "Sutskever", "Salakhutdinov"],
          "Dropout: A Simple Way to Prevent Neural Networks from Overfitting",
          "JMLR 15", 2014)
      ],
      parameters: [
        ParameterSpec(
          "p", .real(0...0.999), default: .real(0.5), help: "the share of values set to zero")
      ])
  ) { (arguments, chain) throws(ConfigurationError) in
    chain.append(
      Dropout(chain.outputShape, probability: arguments.real("p")), kind: "dropout")
  }

  static let flatten = LayerEntry(
    manifest: ComponentManifest(
      id: "flatten", summary: "An image as a row of values; a dense layer does it by itself.",
      formula: "x, row by row, the channels of a pixel side by side")
  ) { (_, chain) throws(ConfigurationError) in
    guard case .image = chain.outputShape else { return }
    chain.append(
      PassThrough(outputShape: .vector(chain.outputShape.count)), kind: "flatten")
  }

  static let rectifier = LayerEntry(
    manifest: ComponentManifest(
      id: "relu", summary: "The rectified linear unit.", formula: "max(0, x)")
  ) { (_, chain) throws(ConfigurationError) in chain.rectify() }

  /// What the layers so far give, as an image.
  struct Image {
    let height: Int
    let width: Int
    let channels: Int

    init(_ chain: LayerChain, _ id: ComponentID) throws(ConfigurationError) {
      guard case .image(let height, let width, let channels) = chain.outputShape else {
        throw ConfigurationError(
          .invalid(
            component: id, reason: "needs an image, and gets \(chain.outputShape.count) values"))
      }
      self.height = height
      self.width = width
      self.channels = channels
    }
  }

  private static func invalid(
    _ id: ComponentID, _ what: String, _ image: Image, _ padding: Int
  ) -> ConfigurationError {
    let place = "\(image.height) x \(image.width)"
    return ConfigurationError(
      .invalid(
        component: id,
        reason: "\(what) into \(place)" + (padding > 0 ? " with a padding of \(padding)" : "")))
  }
}
