import Components
import Determinism
import Tensors

@testable import Datasets

/// Data sets in the files of NumPy.
enum DataArrayParsers {
  private static let scratch = ScratchFolder()
  private static let limit = 1 << 16

  /// Floats or integers: as one array, as inputs and as labels, and as an archive of all arrays.
  static func numbers(_ bytes: [UInt8]) throws {
    let path = scratch.write(bytes, to: "numbers.npy")
    if let array = try? NumericArray(from: InputFile(path: path), limit: limit) {
      check(array, path)
      if let count = array.shape.first, (1...limit).contains(count) {
        for channels in ["first", "last"] {
          try? open(inputs: bytes, labels: vector(count), ["channels": .text(channels)])
        }
        try? open(inputs: matrix(count), labels: bytes, [:])
      }
    }
    try OpenedSource.check(
      ArraysSource.entry,
      ["path": .text(scratch.write(bytes, to: "arrays.npz")), "channels": .text("first")])
  }

  private static func check(_ array: NumericArray, _ path: String) {
    require(array.values.count == array.shape.reduce(1, *), "another number of values")
    if array.isBytes {
      require(
        array.values.allSatisfy { (0...255).contains($0) && $0 == $0.rounded() }, "no byte")
    }
    guard let floats = try? NPYFile.readArray(path, limit: limit) else { return }
    require(
      floats.values.map(\.bitPattern) == array.values.map(\.bitPattern),
      "floats that are read otherwise among integers")
  }

  private static func open(
    inputs: [UInt8], labels: [UInt8], _ given: [String: ArgumentValue]
  ) throws {
    for part in ["train", "test"] {
      folder.write(inputs, to: "x_\(part).npy")
      folder.write(labels, to: "y_\(part).npy")
    }
    try OpenedSource.check(ArraysSource.entry, given.merging(["path": .text(folder.path)]) { $1 })
  }

  /// Outside examples, as an archive of x and y, and as inputs with labels.
  static func outside(_ bytes: [UInt8]) throws {
    let file = scratch.write(bytes, to: "outside.npz")
    for folder in pairs { try? draw(folder) }
    try draw(file)
  }

  /// Folders in which one of the two arrays, a link, is the input.
  private static let pairs: [String] = {
    func folder(_ name: String, _ linked: String, _ other: String, _ bytes: [UInt8]) -> String {
      let folder = ScratchFolder("outside-" + name)
      folder.link(linked + ".npy", to: "../outside.npz")
      folder.write(bytes, to: other + ".npy")
      return folder.path
    }
    return [1, 2, 3].map { folder("\($0)", "x", "y", vector($0)) } + [
      folder("y", "y", "x", matrix(2))
    ]
  }()

  private static func draw(_ path: String) throws {
    for shape in [InputShape.vector(2), .image(height: 1, width: 2, channels: 1)] {
      let examples = try OutsideExamples(path: path, label: 1, shape: shape)
      for array in examples.canonicalArrays {
        require(array.bytes.count == 4 * array.shape.reduce(1, *), "an array that is not whole")
      }
      guard examples.shortage(training: 1, test: 1) == nil else { continue }
      var random = SeedPath(root: 1).stream()
      let drawn = examples.draw(
        training: 1, test: 1, classCount: 2, shape: shape, normalization: nil, random: &random)
      require(drawn.training.labels == [1] && drawn.test.labels == [1], "other labels")
    }
  }

  private static let folder = ScratchFolder("arrays")

  /// The classes 0, 1, 0, 1 and so on.
  private static func vector(_ count: Int) -> [UInt8] {
    NPYFile.floatHeader(shape: [count]) + bytes((0..<count).map { Float($0 % 2) })
  }

  private static func matrix(_ rowCount: Int) -> [UInt8] {
    NPYFile.floatHeader(shape: [rowCount, 2]) + bytes((0..<2 * rowCount).map { Float($0) })
  }

  private static func bytes(_ values: [Float]) -> [UInt8] {
    values.flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> ($0 * 8)) }
    }
  }
}
