public import Components

/// How to add one kind of layer to a network by name.
public struct LayerEntry: CatalogEntry {
  public let manifest: ComponentManifest
  /// Throws where the layer does not fit what the layers before it give.
  public let append: @Sendable (Arguments, inout LayerChain) throws(ConfigurationError) -> Void

  public init(
    manifest: ComponentManifest,
    append: @escaping @Sendable (Arguments, inout LayerChain) throws(ConfigurationError) -> Void
  ) {
    self.manifest = manifest
    self.append = append
  }
}

/// The layers that come with the suite, by id.
public let builtInLayers: [LayerEntry] = [
  .averagePooling,
  .convolution,
  .dense,
  .dropout,
  .embedding,
  .flatten,
  .groupNormalization,
  .gatedRecurrentUnit,
  .maximumPooling,
  .rectifier,
  .residual,
]
