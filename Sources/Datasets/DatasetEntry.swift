public import Components

/// What a data set may ask for when it is opened.
public struct DatasetSetup: Sendable {
  /// Finds a folder or file that a scenario names; throws, with the places tried, if there is none.
  public let locate: @Sendable (_ path: String) throws(DatasetError) -> String

  public init(
    locate: @escaping @Sendable (_ path: String) throws(DatasetError) -> String
  ) {
    self.locate = locate
  }
}

/// How to open one data set by name.
public struct DatasetEntry: CatalogEntry {
  public let manifest: ComponentManifest
  /// Checks what can be checked without reading it all.
  public let open: @Sendable (Arguments, DatasetSetup) throws(DatasetError) -> any DataSource

  public init(
    manifest: ComponentManifest,
    open: @escaping @Sendable (Arguments, DatasetSetup) throws(DatasetError) -> any DataSource
  ) {
    self.manifest = manifest
    self.open = open
  }
}

/// The data sets that come with the suite, or that it can read, by id.
public let builtInDatasets: [DatasetEntry] = [
  DigitsSource.entry,
  IDXSource.fashionMNISTEntry,
  GaussianClassesSource.entry,
  IDXSource.entry,
].sorted { $0.manifest.id < $1.manifest.id }
