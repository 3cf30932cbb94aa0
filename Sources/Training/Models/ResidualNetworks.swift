import Components

extension Sequential {
  /// ResNet-8 for small images.
  public static let resnet8Entry = residual(
    "resnet-8",
    "ResNet-8 with group normalization; 78,042 parameters on 3 channels and 10 classes.",
    stem: 16, [(16, 1, 1), (32, 2, 1), (64, 2, 1)])

  /// ResNet-18 in its variant for small images.
  public static let resnet18Entry = residual(
    "resnet-18",
    "ResNet-18 with group normalization; 11,173,962 parameters on 3 channels and 10 classes.",
    stem: 64, [(64, 1, 2), (128, 2, 2), (256, 2, 2), (512, 2, 2)])

  /// Returns a residual network in the form for CIFAR.
  ///
  /// A 3 × 3 convolution, stages of blocks of which the first one has the stride, and the mean over the
  /// image.
  private static func residual(
    _ id: ComponentID, _ summary: String, stem: Int,
    _ stages: [(channels: Int, stride: Int, blocks: Int)]
  ) -> ModelEntry {
    let blocks = stages.flatMap { stage in
      (0..<stage.blocks).map { index in
        "residual:channels=\(stage.channels)"
          + (index == 0 && stage.stride > 1 ? ",stride=\(stage.stride)" : "")
      }
    }
    return named(
      id, summary,
      ["convolution:channels=\(stem),kernel=3,padding=1,bias=no", "group-norm", "relu"] + blocks
        + ["average-pool:size=all"],
      citations: [
        Citation(
          ["He", "Zhang", "Ren", "Sun"], "Deep Residual Learning for Image Recognition", "CVPR",
          2016, doi: "10.1109/CVPR.2016.90"),
        Citation(
          ["Hsieh", "Phanishayee", "Mutlu", "Gibbons"],
          "The Non-IID Data Quagmire of Decentralized Machine Learning", "ICML", 2020),
      ],
      origin: "The stem and the strides are those for CIFAR; group normalization in place of batch "
        + "normalization, whose statistics are no weights.")
  }
}
