public import Components

/// What a data set may ask for when it is opened.
public struct DatasetSetup: Sendable {
  /// Finds a folder or file that a scenario names; throws, with the places tried, if there is none.
  public let locate: @Sendable (_ path: String) throws(DatasetError) -> String
  /// How much memory there is, for those that read their files when they are opened.
  public let memoryByteCount: Double
  /// Decodes a file of PNG, whose library not every program has inside.
  package var decodePNG: RasterImage.Decoder?

  public init(
    memoryByteCount: Double = .infinity,
    locate: @escaping @Sendable (_ path: String) throws(DatasetError) -> String
  ) {
    self.memoryByteCount = memoryByteCount
    self.locate = locate
  }

  /// The most values of single precision that are read into memory, where as many are dealt again.
  var valueLimit: Int { Int(min(memoryByteCount / 8, Double(1 << 40))) }
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
  ArraysSource.entry,
  CIFARSource.hundredEntry,
  CIFARSource.tenEntry,
  CSVSource.entry,
  DigitsSource.entry,
  IDXSource.fashionMNISTEntry,
  GaussianClassesSource.entry,
  IDXSource.entry,
  ImagesSource.entry,
  LEAFSource.entry,
].sorted { $0.manifest.id < $1.manifest.id }
