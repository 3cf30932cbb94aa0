import Components
public import Determinism
public import Tensors

/// CIFAR-10 and CIFAR-100 in the binary version: color images of 32 × 32 pixels.
///
/// Pixels are bytes, scaled by 1/255 to 0...1, with channels innermost. The files say which examples
/// are for training and which for testing, so the data is the same for every seed.
public struct CIFARSource: DataSource {
  public static let tenEntry = DatasetEntry(
    manifest: ComponentManifest(
      id: "cifar-10",
      summary: "CIFAR-10, binary version: color images of 32 x 32 pixels, 10 classes.",
      formula: "50,000 training and 10,000 test examples as the files say; pixels in 0...1",
      citations: [citation], origin: origin(.ten, "data_batch_1.bin to data_batch_5.bin"),
      parameters: [folder(.ten)] + ExampleLimit.parameters)
  ) { (arguments, setup) throws(DatasetError) in
    try CIFARSource(arguments, setup, format: .ten)
  }

  public static let hundredEntry = DatasetEntry(
    manifest: ComponentManifest(
      id: "cifar-100",
      summary: "CIFAR-100, binary version: color images of 32 x 32 pixels, 100 or 20 classes.",
      formula: "50,000 training and 10,000 test examples as the files say; pixels in 0...1",
      citations: [citation], origin: origin(.hundred(isCoarse: false), "train.bin"),
      parameters: [
        folder(.hundred(isCoarse: false)),
        ParameterSpec(
          "labels", .choice(["fine", "coarse"]), default: .text("fine"),
          help: "fine: the 100 classes; coarse: the 20 superclasses"),
      ] + ExampleLimit.parameters)
  ) { (arguments, setup) throws(DatasetError) in
    try CIFARSource(
      arguments, setup, format: .hundred(isCoarse: arguments.text("labels") == "coarse"))
  }

  private static let citation = Citation(
    ["Krizhevsky"], "Learning multiple layers of features from tiny images",
    "University of Toronto", 2009)

  private static func origin(_ format: CIFARFormat, _ names: String) -> String {
    """
    The folder holds \(names) and \(format.testName), or the folder \(format.archiveFolder) with \
    them, as the published archive unpacks. A relative folder is looked for where the program \
    starts, beside the scenario, in $GAUNTLET_DATA and in /usr/share/datasets.
    """
  }

  private static func folder(_ format: CIFARFormat) -> ParameterSpec {
    ParameterSpec(
      "folder", .path, default: .text(format.archiveFolder), help: "the folder with the .bin files")
  }

  public let shape = InputShape.image(
    height: CIFARFormat.side, width: CIFARFormat.side, channels: CIFARFormat.channelCount)
  public var classCount: Int { format.classCount }
  public var trainingCount: Int? { dealtCount }
  public let testCount: Int

  private let format: CIFARFormat
  private let trainingFiles: [CIFARFile]
  private let testFile: CIFARFile
  private let dealtCount: Int

  private init(
    _ arguments: Arguments, _ setup: DatasetSetup, format: CIFARFormat
  ) throws(DatasetError) {
    try self.init(
      folder: try setup.locate(arguments.text("folder")), format: format,
      trainingLimit: arguments.wholeNumber("train-limit"),
      testLimit: arguments.wholeNumber("test-limit"))
  }

  /// Finds the files in a folder and checks their sizes; the data is read by
  /// ``load(trainingCount:seed:)``.
  init(
    folder: String, format: CIFARFormat, trainingLimit: Int? = nil, testLimit: Int? = nil
  ) throws(DatasetError) {
    let home = try Self.home(folder, format)
    self.format = format
    trainingFiles = try format.trainingNames.map { (name) throws(DatasetError) in
      try CIFARFile(path: home + "/" + name, format: format)
    }
    testFile = try CIFARFile(path: home + "/" + format.testName, format: format)
    dealtCount = try ExampleLimit.count(
      trainingLimit, of: trainingFiles.reduce(0) { $0 + $1.count }, path: home)
    testCount = try ExampleLimit.count(testLimit, of: testFile.count, path: testFile.path)
  }

  /// The folder itself or the one that the archive makes below it.
  private static func home(_ folder: String, _ format: CIFARFormat) throws(DatasetError) -> String {
    guard let names = FolderNames.sorted(in: folder) else {
      // The system says why it cannot be opened.
      _ = try InputFile(path: folder)
      throw .unreadable(path: folder, reason: "it is no folder")
    }
    let wanted = format.trainingNames + [format.testName]
    if wanted.contains(where: names.contains) { return folder }
    let inner = folder + "/" + format.archiveFolder
    if FolderNames.sorted(in: inner) != nil { return inner }
    guard !names.contains(format.pickledName) else {
      throw .malformed(
        path: folder,
        reason:
          "holds pickled Python objects, which are never read; the binary version of the data "
          + "has \(wanted[0])")
    }
    throw .noneFound(folder: folder, found: names, expected: [wanted[0]])
  }

  public var isFixed: Bool { true }

  public func byteCount(trainingCount: Int) -> Double {
    (Double(trainingCount) + Double(testCount)) * Double(shape.count)
  }

  /// Reads the files; both arguments are ignored.
  ///
  /// - Complexity: one pass over each file; pixels go straight into the matrix.
  public func load(trainingCount _: Int, seed _: SeedPath) throws(DatasetError) -> SplitData {
    SplitData(
      training: try shard(trainingFiles, count: dealtCount),
      test: try shard([testFile], count: testCount))
  }

  private func shard(_ files: [CIFARFile], count: Int) throws(DatasetError) -> Shard {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * shape.count)
    var labels: [Int] = []
    try read(files, count: count) { label, pixels in
      labels.append(Int(label))
      bytes.append(addingCapacity: pixels.count) { target in
        for index in pixels.indices { target.append(pixels[index]) }
      }
    }
    return Shard(
      inputs: ExampleMatrix(rowCount: count, columnCount: shape.count, bytes: bytes),
      labels: labels,
      classCount: classCount, shape: shape)
  }

  public func canonicalArrays() throws(DatasetError) -> [CanonicalArray]? {
    try arrays("train", trainingFiles, count: dealtCount)
      + arrays("test", [testFile], count: testCount)
  }

  private func arrays(
    _ name: String, _ files: [CIFARFile], count: Int
  ) throws(DatasetError) -> [CanonicalArray] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * shape.count)
    var labels: [UInt8] = []
    try read(files, count: count) { label, pixels in
      labels.append(label)
      bytes.append(addingCapacity: pixels.count) { target in
        for index in pixels.indices { target.append(pixels[index]) }
      }
    }
    let side = CIFARFormat.side
    return [
      CanonicalArray(
        name: name + "-images", elementType: .uint8,
        shape: [count, side, side, CIFARFormat.channelCount], bytes: bytes),
      CanonicalArray(
        name: name + "-labels", elementType: .uint8, shape: [count], bytes: labels),
    ]
  }

  private func read(
    _ files: [CIFARFile], count: Int,
    _ body: (_ label: UInt8, _ pixels: borrowing Span<UInt8>) -> Void
  ) throws(DatasetError) {
    var left = count
    for file in files where left > 0 {
      let wanted = min(left, file.count)
      try file.read(first: wanted, body)
      left -= wanted
    }
  }
}
