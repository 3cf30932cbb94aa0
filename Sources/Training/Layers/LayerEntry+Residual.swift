import Components
import Kernels

extension LayerEntry {
  static let groupNormalization = LayerEntry(
    manifest: ComponentManifest(
      id: "group-norm",
      summary: "Normalizes the groups of channels of each example; needs no statistics of a batch.",
      formula: "(x - mean) / sqrt(variance + 1e-5) * weight + bias", citations: [wuHe],
      parameters: [groupsParameter])
  ) { (arguments, chain) throws(ConfigurationError) in
    let channels = GroupNorm.channels(of: chain.outputShape)
    let groups = try groups(arguments, channels, "group-norm")
    chain.append(GroupNorm(chain.outputShape, groups: groups), kind: "norm")
  }

  static let residual = LayerEntry(
    manifest: ComponentManifest(
      id: "residual",
      summary: "A residual block: two 3 x 3 convolutions with group normalization, and a shortcut.",
      formula:
        "relu(norm(conv(relu(norm(conv(x))))) + x), or + norm(1 x 1 conv(x)) where sizes change",
      preconditions: ["images"],
      citations: [
        Citation(
          ["He", "Zhang", "Ren", "Sun"], "Deep Residual Learning for Image Recognition", "CVPR",
          2016, doi: "10.1109/CVPR.2016.90"),
        wuHe,
      ],
      parameters: [
        ParameterSpec(
          "channels", .integer(1...65_536), default: .required, help: "output channels"),
        ParameterSpec(
          "stride", .integer(1...1_024), default: .integer(1),
          help: "the way from one place of the first kernel to the next"),
        groupsParameter,
      ])
  ) { (arguments, chain) throws(ConfigurationError) in
    let image = try Image(chain, "residual")
    let channels = arguments.integer("channels")
    // Eight arrays as large as the outputs at most.
    try chain.require(
      "residual", padded: [image.height + 2, image.width + 2, image.channels],
      outputs: [8, image.height, image.width, channels],
      weights: [10, max(channels, image.channels), channels])
    chain.append(
      ResidualBlock.basic(
        height: image.height, width: image.width, channels: image.channels,
        outputChannels: channels, stride: arguments.integer("stride"),
        groups: try groups(arguments, channels, "residual")), kind: "residual")
    chain.rectify()
  }

  private static let wuHe = Citation(
    ["Wu", "He"], "Group Normalization", "ECCV", 2018, doi: "10.1007/978-3-030-01261-8_1")

  private static let groupsParameter = ParameterSpec(
    "groups", .integer(1...65_536, orWords: ["auto"]), default: .text("auto"),
    help:
      "groups of channels, auto = as many as divide the channels, up to 32, of 8 channels at least")

  private static func groups(
    _ arguments: Arguments, _ channels: Int, _ id: ComponentID
  ) throws(ConfigurationError) -> Int {
    guard let groups = arguments.wholeNumber("groups") else {
      return GroupNormalizationShape.usualGroups(channels: channels)
    }
    guard channels.isMultiple(of: groups) else {
      throw ConfigurationError(
        .invalid(component: id, reason: "\(groups) groups do not divide \(channels) channels"))
    }
    return groups
  }
}
