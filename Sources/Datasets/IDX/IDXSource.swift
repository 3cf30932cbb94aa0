import Components
public import Determinism
public import Tensors

/// Images and labels in IDX files, such as MNIST and Fashion-MNIST, raw or gzip.
///
/// Pixels are bytes, scaled by 1/255 to 0...1. The files say which examples are for training and
/// which for testing, so the data is the same for every seed.
public struct IDXSource: DataSource {
  public static let entry = DatasetEntry(
    manifest: ComponentManifest(
      id: "idx",
      summary: "IDX files of a folder (MNIST, Fashion-MNIST), gzip or raw, torchvision layout too.",
      formula: "pixels in 0...1; the files say which examples are for training and for testing",
      origin: """
        A relative folder is looked for where the program starts, beside the scenario, in \
        $GAUNTLET_DATA and in /usr/share/datasets.
        """,
      parameters: [
        ParameterSpec("folder", .path, default: .required, help: "the folder with the IDX files"),
        ParameterSpec("classes", .integer(2...256), default: .integer(10), help: "classes"),
      ] + limits)
  ) { (arguments, setup) throws(DatasetError) in
    try IDXSource(
      folder: try setup.locate(arguments.text("folder")), classCount: arguments.integer("classes"),
      trainingLimit: arguments.wholeNumber("train-limit"),
      testLimit: arguments.wholeNumber("test-limit"))
  }

  /// Fashion-MNIST, found where Debian's package `dataset-fashion-mnist` puts it.
  public static let fashionMNISTEntry = DatasetEntry(
    manifest: ComponentManifest(
      id: "fashion-mnist",
      summary: "70,000 images of clothing, 28 x 28 pixels, 10 classes; Debian packages them.",
      formula: "60,000 training and 10,000 test examples as the files say; pixels in 0...1",
      citations: [
        Citation(
          ["Xiao", "Rasul", "Vollgraf"],
          "Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms",
          "arXiv", 2017, arXiv: "1708.07747")
      ],
      origin: """
        Looked for as the folder fashion-mnist where the program starts, beside the scenario, in \
        $GAUNTLET_DATA and in /usr/share/datasets (Debian: dataset-fashion-mnist).
        """, parameters: limits)
  ) { (arguments, setup) throws(DatasetError) in
    try IDXSource(
      folder: try setup.locate("fashion-mnist"),
      trainingLimit: arguments.wholeNumber("train-limit"),
      testLimit: arguments.wholeNumber("test-limit"))
  }

  private static let limits = [
    ParameterSpec(
      "train-limit", .integer(1...100_000_000, orWords: ["none"]), default: .text("none"),
      help: "use only so many training examples, the first ones"),
    ParameterSpec(
      "test-limit", .integer(1...100_000_000, orWords: ["none"]), default: .text("none"),
      help: "use only so many test examples, the first ones"),
  ]

  public let files: IDXFiles
  public let shape: InputShape
  public let classCount: Int
  public let testCount: Int
  private let dealtCount: Int

  public var trainingCount: Int? { dealtCount }

  /// Checks the headers of the four files; the data is read by ``load(trainingCount:seed:)``.
  ///
  /// With a limit, the first so many examples are used; a limit that the file cannot meet is an
  /// error.
  ///
  /// - Precondition: `classCount > 0`
  public init(
    files: IDXFiles, classCount: Int = 10, trainingLimit: Int? = nil, testLimit: Int? = nil
  ) throws(DatasetError) {
    precondition(classCount > 0, "IDX data with \(classCount) classes")
    let training = try Self.shape(images: files.trainingImages, labels: files.trainingLabels)
    let test = try Self.shape(images: files.testImages, labels: files.testLabels)
    guard training.dropFirst() == test.dropFirst() else {
      throw .malformed(
        path: files.testImages,
        reason: """
          images of \(test[1])x\(test[2]) pixels, but those of \(files.trainingImages) have \
          \(training[1])x\(training[2])
          """)
    }
    self.files = files
    self.classCount = classCount
    shape = .image(height: training[1], width: training[2], channels: 1)
    dealtCount = try Self.count(trainingLimit, of: training[0], path: files.trainingImages)
    testCount = try Self.count(testLimit, of: test[0], path: files.testImages)
  }

  /// Finds the files in a folder as ``IDXFiles/init(folder:)`` says, and checks their headers.
  public init(
    folder: String, classCount: Int = 10, trainingLimit: Int? = nil, testLimit: Int? = nil
  ) throws(DatasetError) {
    try self.init(
      files: IDXFiles(folder: folder), classCount: classCount, trainingLimit: trainingLimit,
      testLimit: testLimit)
  }

  /// Reads the four files; both arguments are ignored.
  ///
  /// - Complexity: one pass over each file; pixels go straight into the matrix.
  public func load(trainingCount _: Int, seed _: SeedPath) throws(DatasetError) -> SplitData {
    SplitData(
      training: try shard(dealtCount, images: files.trainingImages, labels: files.trainingLabels),
      test: try shard(testCount, images: files.testImages, labels: files.testLabels))
  }

  public func canonicalArrays() throws(DatasetError) -> [CanonicalArray]? {
    [
      try array("train-images", of: files.trainingImages, count: dealtCount, dimensionCount: 3),
      try array("train-labels", of: files.trainingLabels, count: dealtCount, dimensionCount: 1),
      try array("test-images", of: files.testImages, count: testCount, dimensionCount: 3),
      try array("test-labels", of: files.testLabels, count: testCount, dimensionCount: 1),
    ]
  }

  private func shard(_ count: Int, images: String, labels: String) throws(DatasetError) -> Shard {
    // Labels first: they are small, and a wrong one should not cost the time of the images.
    let labels = try bytes(of: labels, count: count, dimensionCount: 1)
    for (row, label) in labels.bytes.enumerated() where label >= classCount {
      throw .malformed(
        path: labels.path, reason: "label \(label) of example \(row) is not in 0..<\(classCount)")
    }
    let reader = try reader(of: images, count: count, dimensionCount: 3)
    var values: [Float] = []
    values.reserveCapacity(min(count * shape.count, Self.trustedCount))
    try reader.read(first: count) { pixels throws(DatasetError) in
      values.append(addingCapacity: pixels.count) { target in
        for index in pixels.indices { target.append(Float(pixels[index]) / 255) }
      }
    }
    return Shard(
      inputs: Matrix(rowCount: count, columnCount: shape.count, values: values),
      labels: labels.bytes.map(Int.init), classCount: classCount, shape: shape)
  }

  private func array(_ name: String, of path: String, count: Int, dimensionCount: Int)
    throws(DatasetError) -> CanonicalArray
  {
    let extents = dimensionCount == 1 ? [count] : [count, imageShape[0], imageShape[1]]
    return CanonicalArray(
      name: name, elementType: .uint8, shape: extents,
      bytes: try bytes(of: path, count: count, dimensionCount: dimensionCount).bytes)
  }

  private func bytes(of path: String, count: Int, dimensionCount: Int) throws(DatasetError)
    -> (path: String, bytes: [UInt8])
  {
    let reader = try reader(of: path, count: count, dimensionCount: dimensionCount)
    var bytes: [UInt8] = []
    let size = dimensionCount == 1 ? count : count * shape.count
    bytes.reserveCapacity(min(size, Self.trustedCount))
    try reader.read(first: count) { piece throws(DatasetError) in
      bytes.append(addingCapacity: piece.count) { target in
        for index in piece.indices { target.append(piece[index]) }
      }
    }
    return (path, bytes)
  }

  /// Opens a file again, and makes sure that it still has the shape that was checked.
  private func reader(of path: String, count: Int, dimensionCount: Int) throws(DatasetError)
    -> IDXReader
  {
    let reader = try IDXReader(path: path, dimensionCount: dimensionCount)
    guard reader.shape[0] >= count,
      dimensionCount == 1 || reader.shape.dropFirst() == imageShape[...]
    else { throw .malformed(path: path, reason: "the file changed since it was checked") }
    return reader
  }

  /// Height and width.
  private var imageShape: [Int] {
    guard case .image(let height, let width, _) = shape else { return [] }
    return [height, width]
  }

  /// How many values are believed to exist before they are seen; beyond that, arrays grow.
  private static let trustedCount = 1 << 28

  private static func shape(images: String, labels: String) throws(DatasetError) -> [Int] {
    let shape = try IDXReader(path: images, dimensionCount: 3).shape
    let labelCount = try IDXReader(path: labels, dimensionCount: 1).shape[0]
    guard labelCount == shape[0] else {
      throw .malformed(
        path: labels, reason: "\(labelCount) labels for the \(shape[0]) images of \(images)")
    }
    return shape
  }

  private static func count(_ limit: Int?, of count: Int, path: String) throws(DatasetError)
    -> Int
  {
    guard let limit else { return count }
    guard limit > 0, limit <= count else {
      throw .malformed(path: path, reason: "holds \(count) images, \(limit) are asked for")
    }
    return limit
  }
}
