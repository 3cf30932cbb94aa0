public import Components

/// How to build one partition by name.
public struct PartitionEntry: CatalogEntry {
  public let manifest: ComponentManifest
  public let make: @Sendable (Arguments) throws(ConfigurationError) -> any Partition

  public init(
    manifest: ComponentManifest,
    make: @escaping @Sendable (Arguments) throws(ConfigurationError) -> any Partition
  ) {
    self.manifest = manifest
    self.make = make
  }
}

/// The partitions that come with the suite, by id.
public let builtInPartitions: [PartitionEntry] = [
  DirichletPartition.entry,
  IIDPartition.entry,
  NaturalPartition.entry,
  QuantitySkewPartition.entry,
  LabelShardsPartition.entry,
  UniformSizesPartition.entry,
]
