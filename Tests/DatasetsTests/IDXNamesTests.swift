import Datasets
import Determinism
import Tensors
import Testing

@Suite struct IDXNamesTests {
  let scratch: Scratch
  let seed = SeedPath(root: 1)

  init() throws { scratch = try Scratch() }

  /// The folder of ``IDXFolder`` under other names, training first.
  private func folder(_ names: [String]) -> IDXFolder {
    var folder = IDXFolder()
    for (index, name) in names.enumerated() { folder.files[index].name = name }
    return folder
  }

  private static let dotted = [
    "train-images.idx3-ubyte", "train-labels.idx1-ubyte", "t10k-images.idx3-ubyte",
    "t10k-labels.idx1-ubyte",
  ]
  private static func emnist(_ split: String, _ test: String = "test") -> [String] {
    [
      "emnist-\(split)-train-images-idx3-ubyte", "emnist-\(split)-train-labels-idx1-ubyte",
      "emnist-\(split)-\(test)-images-idx3-ubyte", "emnist-\(split)-\(test)-labels-idx1-ubyte",
    ]
  }

  @Test(
    arguments: [dotted, emnist("letters"), emnist("by-class", "t10k")],
    [[], [0, 2], [0, 1, 2, 3]])
  func namesDoNotMatter(names: [String], compressed: Set<Int>) throws {
    let plain = try IDXFolder().open(in: scratch)
    let other = try Scratch()
    let source = try folder(names).open(in: other, compressed: compressed)
    #expect(try source.canonicalArrays() == plain.canonicalArrays())
    #expect(
      try source.load(trainingCount: 0, seed: seed).test
        == plain.load(trainingCount: 0, seed: seed).test)
  }

  @Test(arguments: ["gzip/", "EMNIST/raw/", "KMNIST/raw/"])
  func packagesHaveFoldersOfTheirOwn(subfolder: String) throws {
    let source = try folder(Self.emnist("digits")).open(in: scratch, subfolder: subfolder)
    #expect(source.trainingCount == 5)
  }

  @Test func twoSpellingsOfOneFileAreRefused() throws {
    try scratch.write(IDXFolder().files[1].bytes, to: Self.dotted[1] + ".gz")
    let error = try #require(
      #expect(throws: DatasetError.self) { try IDXFolder().open(in: scratch) })
    #expect(
      error.description
        == "\(scratch.path): holds train-labels-idx1-ubyte and train-labels.idx1-ubyte, two "
        + "spellings of one file: move one away")
  }

  @Test func severalSplitsNeedAName() throws {
    _ = try folder(Self.emnist("letters")).open(in: scratch)
    var digits = folder(Self.emnist("digits"))
    digits.files[1].bytes = IDXFolder.header(1, [5]) + [1, 1, 1, 1, 1]
    let error = try #require(#expect(throws: DatasetError.self) { try digits.open(in: scratch) })
    #expect(
      error.description
        == "\(scratch.path): holds several data sets (digits, letters): 'split' names the one you "
        + "mean")
    let source = try IDXSource(files: IDXFiles(folder: scratch.path, split: .named("digits")))
    #expect(try source.load(trainingCount: 0, seed: seed).training.labels == [1, 1, 1, 1, 1])
  }

  @Test func splitNoneTakesTheNamesWithoutOne() throws {
    _ = try folder(Self.emnist("letters")).open(in: scratch)
    let error = try #require(
      #expect(throws: DatasetError.self) { try IDXFolder().open(in: scratch) })
    #expect(error.description.contains("(the folder itself, letters)"))
    let files = try IDXFiles(folder: scratch.path, split: IDXFiles.Split("none"))
    #expect(files.trainingImages == scratch.path + "/train-images-idx3-ubyte")
    let missing = #expect(throws: DatasetError.self) {
      try IDXFiles(folder: scratch.path, split: IDXFiles.Split("balanced"))
    }
    #expect(try #require(missing).description.contains("emnist-balanced-train-images-idx3-ubyte"))
  }

  @Test func otherNamesAreListed() throws {
    for name in ["mnist.npz", "train-images-idx3-ubyte.zip"] { try scratch.write([1], to: name) }
    try scratch.write([1], to: "raw/t10k-images-idx3-ubyte")
    let error = try #require(
      #expect(throws: DatasetError.self) { try IDXSource(folder: scratch.path) })
    #expect(
      error.description
        == "\(scratch.path): found mnist.npz, raw, train-images-idx3-ubyte.zip, "
        + "raw/t10k-images-idx3-ubyte; expected one of train-images-idx3-ubyte, "
        + "train-images.idx3-ubyte, emnist-SPLIT-train-images-idx3-ubyte, each with or without .gz")
  }

  @Test func labelsMayStartAtAnotherNumber() throws {
    var folder = folder(Self.emnist("letters"))
    folder.files[1].bytes = IDXFolder.header(1, [5]) + [1, 2, 3, 26, 1]
    folder.files[3].bytes = IDXFolder.header(1, [3]) + [26, 1, 2]
    _ = try folder.open(in: scratch)
    let files = try IDXFiles(folder: scratch.path)
    let source = try IDXSource(files: files, classCount: 26, firstLabel: 1)
    let data = try source.load(trainingCount: 0, seed: seed)
    #expect(data.training.labels == [0, 1, 2, 25, 0])
    #expect(data.test.labels == [25, 0, 1])
    let arrays = try #require(try source.canonicalArrays())
    #expect(arrays[1].bytes == [0, 1, 2, 25, 0])
    let error = try #require(
      #expect(throws: DatasetError.self) {
        try IDXSource(files: files, classCount: 26).load(trainingCount: 0, seed: seed)
      })
    #expect(
      error.description.hasSuffix(
        "label 26 of example 3 is not in 0..<26; where labels start at 1, 'first-label: 1' says so")
    )
    #expect(throws: DatasetError.self) {
      try IDXSource(files: files, classCount: 26, firstLabel: 2).canonicalArrays()
    }
  }

  /// Two by three pixels in the file are three by two in the image: 0 8 16 / 24 32 40 by columns.
  @Test func imagesByColumnsAreTurned() throws {
    _ = try IDXFolder().open(in: scratch, compressed: [0])
    let source = try IDXSource(files: IDXFiles(folder: scratch.path), isTransposed: true)
    #expect(source.shape == .image(height: 3, width: 2, channels: 1))
    let data = try source.load(trainingCount: 0, seed: seed)
    let first: [Float] = [0, 24, 8, 32, 16, 40]
    #expect(Array(data.training.inputs.values.prefix(6)) == first.map { $0 / 255 })
    #expect(data.test.inputs.values.count == 18)
    let arrays = try #require(try source.canonicalArrays())
    #expect(arrays[0].shape == [5, 3, 2])
    #expect(arrays[0].bytes.prefix(6) == [0, 24, 8, 32, 16, 40])
    #expect(arrays[0].bytes.suffix(6) == [192, 216, 200, 224, 208, 232])
  }
}
