import Components
public import Determinism
public import Tensors

/// Images and labels in IDX files, such as MNIST, Fashion-MNIST and EMNIST, raw or gzip.
///
/// Pixels are bytes, scaled by 1/255 to 0...1. The files say which examples are for training and
/// which for testing, so the data is the same for every seed. Labels may start at another number
/// than 0, and images may be stored by columns. Files of images have 2 to 4 dimensions: rows of
/// values, gray images, or images with channels innermost.
public struct IDXSource: DataSource {
  public static let entry = DatasetEntry(
    manifest: ComponentManifest(
      id: "idx",
      summary: "IDX files of a folder (MNIST, EMNIST), gzip or raw, torchvision layout too.",
      formula: "pixels in 0...1; the files say which examples are for training and for testing",
      citations: [
        Citation(
          ["LeCun", "Bottou", "Bengio", "Haffner"],
          "Gradient-based learning applied to document recognition", "Proceedings of the IEEE",
          1998, doi: "10.1109/5.726791"),
        Citation(
          ["Cohen", "Afshar", "Tapson", "van Schaik"],
          "EMNIST: extending MNIST to handwritten letters", "IJCNN", 2017, arXiv: "1702.05373"),
      ],
      origin: """
        The first has MNIST, the second EMNIST; other files have other papers. Names such as \
        train-images-idx3-ubyte, train-images.idx3-ubyte.gz (7-Zip) or \
        emnist-letters-train-images-idx3-ubyte; images may be rows of values (idx2) or have channels \
        (idx4, channels innermost). EMNIST's letters: {use: idx, folder: emnist, \
        split: letters, classes: 26, first-label: 1, transpose: true}. A relative folder is looked \
        for where the program starts, beside the scenario, in $GAUNTLET_DATA and in \
        /usr/share/datasets.
        """,
      parameters: [
        ParameterSpec("folder", .path, default: .required, help: "the folder with the IDX files"),
        ParameterSpec("classes", .integer(2...256), default: .integer(10), help: "classes"),
        ParameterSpec(
          "split", .text, default: .text("only"),
          help: "the split in the names of EMNIST's files, such as letters; none: names without "
            + "one; only: the folder holds one data set"),
        ParameterSpec(
          "first-label", .integer(0...255), default: .integer(0),
          help: "the label of the first class in the files; 1 for EMNIST's letters"),
        ParameterSpec(
          "transpose", .choice(["true", "false"]), default: .text("false"),
          help: "whether rows and columns of the images change places, as EMNIST needs it"),
      ] + ExampleLimit.parameters)
  ) { (arguments, setup) throws(DatasetError) in
    try IDXSource(
      files: IDXFiles(
        folder: try setup.locate(arguments.text("folder")),
        split: IDXFiles.Split(arguments.text("split"))),
      classCount: arguments.integer("classes"), firstLabel: arguments.integer("first-label"),
      isTransposed: arguments.text("transpose") == "true",
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
        """, parameters: ExampleLimit.parameters)
  ) { (arguments, setup) throws(DatasetError) in
    try IDXSource(
      folder: try setup.locate("fashion-mnist"),
      trainingLimit: arguments.wholeNumber("train-limit"),
      testLimit: arguments.wholeNumber("test-limit"))
  }

  public let files: IDXFiles
  public let shape: InputShape
  public let classCount: Int
  public let testCount: Int
  /// The number that the files give the first class.
  public let firstLabel: Int
  /// Whether the files hold the images by columns.
  public let isTransposed: Bool
  private let dealtCount: Int
  /// Height, width and channels as the files say, as many of them as there are.
  private let fileShape: [Int]

  public var trainingCount: Int? { dealtCount }

  /// Checks the headers of the four files; the data is read by ``load(trainingCount:seed:)``.
  ///
  /// With a limit, the first so many examples are used; a limit that the file cannot meet is an
  /// error.
  ///
  /// - Precondition: `classCount > 0` and `firstLabel >= 0`
  public init(
    files: IDXFiles, classCount: Int = 10, firstLabel: Int = 0, isTransposed: Bool = false,
    trainingLimit: Int? = nil, testLimit: Int? = nil
  ) throws(DatasetError) {
    precondition(classCount > 0, "IDX data with \(classCount) classes")
    precondition(firstLabel >= 0, "IDX data whose labels start at \(firstLabel)")
    let training = try Self.shape(images: files.trainingImages, labels: files.trainingLabels)
    let test = try Self.shape(images: files.testImages, labels: files.testLabels)
    guard training.dropFirst() == test.dropFirst() else {
      throw .malformed(
        path: files.testImages,
        reason: """
          images of \(IDXReader.text(test.dropFirst())) pixels, but those of \
          \(files.trainingImages) have \(IDXReader.text(training.dropFirst()))
          """)
    }
    self.files = files
    self.classCount = classCount
    self.firstLabel = firstLabel
    self.isTransposed = isTransposed
    fileShape = Array(training.dropFirst())
    if fileShape.count == 1 {
      guard !isTransposed else {
        throw .malformed(
          path: files.trainingImages,
          reason: "holds rows of values, which have nothing to transpose")
      }
      shape = .vector(fileShape[0])
    } else {
      let (height, width) = (fileShape[0], fileShape[1])
      shape = .image(
        height: isTransposed ? width : height, width: isTransposed ? height : width,
        channels: fileShape.count == 3 ? fileShape[2] : 1)
    }
    dealtCount = try Self.count(trainingLimit, of: training[0], path: files.trainingImages)
    testCount = try Self.count(testLimit, of: test[0], path: files.testImages)
  }

  /// Finds the files in a folder as ``IDXFiles/init(folder:split:)`` says, and checks their headers.
  public init(
    folder: String, classCount: Int = 10, trainingLimit: Int? = nil, testLimit: Int? = nil
  ) throws(DatasetError) {
    try self.init(
      files: IDXFiles(folder: folder), classCount: classCount, trainingLimit: trainingLimit,
      testLimit: testLimit)
  }

  public var isFixed: Bool { true }

  public func byteCount(trainingCount: Int) -> Double {
    (Double(trainingCount) + Double(testCount)) * Double(shape.count)
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
      try array("train-images", of: files.trainingImages, count: dealtCount),
      try array("train-labels", of: files.trainingLabels, count: dealtCount, areLabels: true),
      try array("test-images", of: files.testImages, count: testCount),
      try array("test-labels", of: files.testLabels, count: testCount, areLabels: true),
    ]
  }

  private func shard(_ count: Int, images: String, labels: String) throws(DatasetError) -> Shard {
    // Labels first: they are small, and a wrong one should not cost the time of the images.
    let labels = try bytes(of: labels, count: count, areLabels: true)
    try check(labels.bytes, of: labels.path)
    let reader = try reader(of: images, count: count, areLabels: false)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(count * shape.count, Self.trustedCount))
    try reader.read(first: count) { pixels throws(DatasetError) in
      bytes.append(addingCapacity: pixels.count) { target in
        for index in pixels.indices { target.append(pixels[index]) }
      }
    }
    if isTransposed { transpose(&bytes) }
    return Shard(
      inputs: ExampleMatrix(rowCount: count, columnCount: shape.count, bytes: bytes),
      labels: labels.bytes.map { Int($0) - firstLabel }, classCount: classCount, shape: shape)
  }

  private func check(_ labels: [UInt8], of path: String) throws(DatasetError) {
    let range = firstLabel..<(firstLabel + classCount)
    for (row, label) in labels.enumerated() where !range.contains(Int(label)) {
      let startsAtOne = firstLabel == 0 && Int(label) == classCount && !labels.contains(0)
      throw .malformed(
        path: path,
        reason: "label \(label) of example \(row) is not in \(range)"
          + (startsAtOne ? "; where labels start at 1, 'first-label: 1' says so" : ""))
    }
  }

  /// Turns images by columns into images by rows.
  private func transpose<Value>(_ values: inout [Value]) {
    let (rowCount, columnCount) = (fileShape[0], fileShape[1])
    let channelCount = shape.channelCount
    let size = rowCount * columnCount * channelCount
    for start in stride(from: 0, to: values.count, by: size) {
      let image = Array(values[start..<(start + size)])
      for row in 0..<rowCount {
        for column in 0..<columnCount {
          for channel in 0..<channelCount {
            values[start + (column * rowCount + row) * channelCount + channel] =
              image[(row * columnCount + column) * channelCount + channel]
          }
        }
      }
    }
  }

  private func array(
    _ name: String, of path: String, count: Int, areLabels: Bool = false
  ) throws(DatasetError) -> CanonicalArray {
    var bytes = try bytes(of: path, count: count, areLabels: areLabels).bytes
    if areLabels {
      if firstLabel > 0 {
        try check(bytes, of: path)
        bytes = bytes.map { $0 - UInt8(firstLabel) }
      }
    } else if isTransposed {
      transpose(&bytes)
    }
    return CanonicalArray(
      name: name, elementType: .uint8,
      shape: [count] + (areLabels ? [] : shape.extents),
      bytes: bytes)
  }

  private func bytes(of path: String, count: Int, areLabels: Bool) throws(DatasetError)
    -> (path: String, bytes: [UInt8])
  {
    let reader = try reader(of: path, count: count, areLabels: areLabels)
    var bytes: [UInt8] = []
    let size = areLabels ? count : count * shape.count
    bytes.reserveCapacity(min(size, Self.trustedCount))
    try reader.read(first: count) { piece throws(DatasetError) in
      bytes.append(addingCapacity: piece.count) { target in
        for index in piece.indices { target.append(piece[index]) }
      }
    }
    return (path, bytes)
  }

  /// Opens a file again, and makes sure that it still has the shape that was checked.
  private func reader(of path: String, count: Int, areLabels: Bool) throws(DatasetError)
    -> IDXReader
  {
    let reader = try IDXReader(path: path, dimensionCounts: areLabels ? 1...1 : 2...4)
    guard reader.shape[0] >= count, areLabels || reader.shape.dropFirst() == fileShape[...]
    else { throw .malformed(path: path, reason: "the file changed since it was checked") }
    return reader
  }

  /// How many values are believed to exist before they are seen; beyond that, arrays grow.
  private static let trustedCount = 1 << 28

  private static func shape(images: String, labels: String) throws(DatasetError) -> [Int] {
    let shape = try IDXReader(path: images, dimensionCounts: 2...4).shape
    let labelCount = try IDXReader(path: labels, dimensionCount: 1).shape[0]
    guard labelCount == shape[0] else {
      throw .malformed(
        path: labels,
        reason:
          "\(labelCount == 1 ? "1 label" : "\(labelCount) labels") for the \(shape[0]) images of \(images)"
      )
    }
    return shape
  }

  private static func count(_ limit: Int?, of count: Int, path: String) throws(DatasetError)
    -> Int
  {
    guard let limit else { return count }
    guard limit > 0, limit <= count else {
      throw .malformed(
        path: path, reason: "holds fewer images (\(count)) than are asked for (\(limit))")
    }
    return limit
  }
}

extension IDXFiles.Split {
  /// The split that a key of a scenario or an option names.
  public init(_ word: String) {
    switch word {
    case "only": self = .only
    case "none": self = .unnamed
    default: self = .named(word)
    }
  }
}
