public import Components
public import Tensors

/// Facts of the task that an architecture is made for.
public struct ModelSetup: Sendable {
  public let shape: InputShape
  public let classCount: Int

  public init(shape: InputShape, classCount: Int) {
    self.shape = shape
    self.classCount = classCount
  }
}

/// How to build one architecture by name.
public struct ModelEntry: CatalogEntry {
  public let manifest: ComponentManifest
  /// Throws where the architecture does not fit the task.
  public let make: @Sendable (Arguments, ModelSetup) throws(ConfigurationError) -> any Model

  public init(
    manifest: ComponentManifest,
    make: @escaping @Sendable (Arguments, ModelSetup) throws(ConfigurationError) -> any Model
  ) {
    self.manifest = manifest
    self.make = make
  }
}

/// The architectures that come with the suite, by id.
public let builtInModels: [ModelEntry] = [
  Sequential.characterGRUEntry,
  Sequential.cnnCIFAREntry,
  Sequential.cnnMNISTEntry,
  Sequential.denseMNISTEntry,
  Sequential.lenetEntry,
  Sequential.logisticEntry,
  Sequential.multilayerEntry,
  Sequential.resnet18Entry,
  Sequential.resnet8Entry,
  Sequential.sequentialEntry,
]
