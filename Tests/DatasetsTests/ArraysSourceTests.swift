import Components
import Datasets
import Determinism
import Tensors
import Testing

/// Files in the format of `numpy.save`, written by hand.
enum NPYBytes {
  static func file(_ dtype: String, _ shape: String, _ values: [UInt8], fortran: Bool = false)
    -> [UInt8]
  {
    let header =
      "{'descr': '\(dtype)', 'fortran_order': \(fortran ? "True" : "False"), 'shape': \(shape), }\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
      + values
  }

  static func floats(_ shape: String, _ values: [Float]) -> [UInt8] {
    file(
      "<f4", shape,
      values.flatMap { value in
        (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt32($0))) }
      })
  }

  static func wide(_ shape: String, _ values: [Int64], bigEndian: Bool = false) -> [UInt8] {
    file(
      bigEndian ? ">i8" : "<i8", shape,
      values.flatMap { value in
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * Int64($0))) }
        return bigEndian ? bytes.reversed() : bytes
      })
  }
}

/// Opens data sets as a scenario does.
func openDataset(
  _ entry: DatasetEntry, _ given: [String: ArgumentValue], memory: Double = .infinity
) throws -> any DataSource {
  try entry.open(
    Arguments(given, for: entry.manifest),
    DatasetSetup(memoryByteCount: memory) { (path) throws(DatasetError) in path })
}

func dataset(_ id: ComponentID) throws -> DatasetEntry {
  try #require(builtInDatasets.first { $0.manifest.id == id })
}

@Suite struct ArraysSourceTests {
  let scratch: Scratch
  let seed = SeedPath(root: 1)

  init() throws { scratch = try Scratch() }

  private func open(
    _ path: String? = nil, _ given: [String: ArgumentValue] = [:], memory: Double = .infinity
  ) throws -> any DataSource {
    var given = given
    given["path"] = .text(path ?? scratch.path)
    return try openDataset(dataset("arrays"), given, memory: memory)
  }

  /// Three examples of two features and one to test on.
  private func writeVectors() throws {
    try scratch.write(NPYBytes.floats("(3, 2)", [1, -2, 3, 0.5, -0, 6]), to: "x_train.npy")
    try scratch.write(NPYBytes.wide("(3,)", [0, 4, 2]), to: "y_train.npy")
    try scratch.write(NPYBytes.floats("(1, 2)", [7, 8]), to: "x_test.npy")
    try scratch.write(NPYBytes.wide("(1, 1)", [3], bigEndian: true), to: "y_test.npy")
  }

  @Test func archivesOfKerasAreRead() throws {
    let source = try open(Fixture.path("keras.npz"))
    #expect(source.shape == .image(height: 2, width: 3, channels: 3))
    #expect(source.classCount == 4)
    #expect(source.trainingCount == 5)
    let data = try source.load(trainingCount: 0, seed: seed)
    #expect(data.training.labels == [0, 1, 2, 3, 1])
    #expect(data.training.inputs.values == (0..<90).map { Float($0) / 255 })
    #expect(data.test.labels == [3, 0])
    #expect(data.test.inputs.values == (200..<236).map { Float($0) / 255 })
    let arrays = try #require(try source.canonicalArrays())
    #expect(arrays.map(\.name) == ["train-images", "train-labels", "test-images", "test-labels"])
    #expect(arrays[0].shape == [5, 2, 3, 3])
    #expect(arrays[0].bytes == Array(0..<90))
    #expect(
      arrays[3]
        == CanonicalArray(
          name: "test-labels", elementType: .uint8, shape: [2], bytes: [3, 0]))
  }

  @Test func otherArraysOfAnArchiveAreLeftAlone() throws {
    let source = try open(Fixture.path("medmnist.npz"))
    #expect(source.shape == .image(height: 2, width: 2, channels: 1))
    #expect(source.classCount == 3)
    let data = try source.load(trainingCount: 0, seed: seed)
    #expect(data.training.labels == [2, 0, 1])
    #expect(data.training.inputs.values == [Float](repeating: 1, count: 12))
  }

  @Test func foldersOfFloatsAreReadAsTheyAre() throws {
    try writeVectors()
    let source = try open()
    #expect(source.shape == .vector(2))
    #expect(source.classCount == 5)
    let data = try source.load(trainingCount: 0, seed: seed)
    #expect(data.training.inputs.values == [1, -2, 3, 0.5, 0, 6])
    #expect(data.training.labels == [0, 4, 2])
    #expect(data.test.labels == [3])
    let limited = try open(nil, ["train-limit": .integer(2), "classes": .integer(9)])
    #expect(
      try limited.load(trainingCount: 0, seed: seed).training.inputs.values == [1, -2, 3, 0.5])
    #expect(limited.classCount == 9)
  }

  /// −0 and 0 are the same datum, and where arrays lie does not matter.
  @Test func digestDoesNotDependOnStorage() throws {
    try writeVectors()
    let first = try open().canonicalArrays()
    let other = try Scratch()
    for (name, bytes) in [
      ("train/images", NPYBytes.floats("(3, 2)", [1, -2, 3, 0.5, 0, 6])),
      ("train/labels", NPYBytes.floats("(3,)", [0, 4, 2])),
      ("test/images", NPYBytes.floats("(1, 2)", [7, 8])),
      ("test/labels", NPYBytes.file("|u1", "(1,)", [3])),
    ] { try other.write(bytes, to: name + ".npy") }
    #expect(try open(other.path).canonicalArrays() == first)
  }

  @Test func channelsMayComeFirst() throws {
    try scratch.write(
      NPYBytes.file("|u1", "(1, 3, 1, 2)", [0, 51, 102, 153, 204, 255]), to: "x_train.npy")
    try scratch.write(NPYBytes.file("|u1", "(1,)", [1]), to: "y_train.npy")
    try scratch.write(NPYBytes.file("|u1", "(1, 3, 1, 2)", [0, 0, 0, 0, 0, 255]), to: "x_test.npy")
    try scratch.write(NPYBytes.file("|i1", "(1,)", [0]), to: "y_test.npy")
    let source = try open(nil, ["channels": .text("first")])
    #expect(source.shape == .image(height: 1, width: 2, channels: 3))
    let data = try source.load(trainingCount: 0, seed: seed)
    // Pixels (0, 102, 204) and (51, 153, 255).
    #expect(data.training.inputs.values == [0, 0.4, 0.8, 0.2, 0.6, 1])
  }

  @Test(arguments: [
    ("x_train", NPYBytes.floats("(3, 2)", [1, 2, 3, .nan, 5, 6]), "value 1 of example 1 is nan"),
    ("x_train", NPYBytes.floats("(2, 2)", [1, 2, 3, 4]), "3 labels for the 2 examples"),
    ("x_train", NPYBytes.floats("(6,)", [1, 2, 3, 4, 5, 6]), "2 to 4 dimensions"),
    ("x_train", NPYBytes.floats("(3, 0)", []), "2 to 4 dimensions"),
    ("x_train", NPYBytes.floats("(3, 3)", [1, 2, 3, 4, 5, 6, 7, 8, 9]), "to train with are 3"),
    ("x_train", NPYBytes.floats("(4000000000, 4000000000)", [1]), "absurd size"),
    ("x_train", NPYBytes.floats("(3, 1000000)", [1, 2]), "short file"),
    ("x_train", NPYBytes.file("|O", "(3, 2)", []), "pickled Python objects"),
    (
      "x_train", NPYBytes.file("|b1", "(3, 2)", [1, 1, 1, 1, 1, 1]), "integers, float32 and float64"
    ),
    ("x_train", NPYBytes.file("|u1", "(3, 2)", [1, 1, 1, 1, 1, 1]), "of bytes"),
    ("y_train", NPYBytes.wide("(3,)", [0, -1, 2]), "label of example 1 is -1.0"),
    ("y_train", NPYBytes.wide("(3,)", [0, .max, 2]), "label of example 1"),
    ("y_train", NPYBytes.floats("(3,)", [0, 0.5, 2]), "label of example 1 is 0.5"),
    ("y_train", NPYBytes.floats("(3,)", [0, .nan, 2]), "label of example 1 is nan"),
    ("y_train", NPYBytes.wide("(3, 2)", [0, 1, 2, 3, 4, 5]), "one per example"),
    ("y_train", Array(NPYBytes.wide("(3,)", [0, 1, 2]).dropLast()), "short file"),
    ("y_train", NPYBytes.wide("(3,)", [0, 1, 2]) + [0], "extra bytes"),
    ("y_train", [], "the file is empty"),
    ("x_train", Array("no array".utf8), "wrong magic"),
  ])
  func whatIsWrongIsSaid(name: String, bytes: [UInt8], reason: String) throws {
    try writeVectors()
    try scratch.write(bytes, to: name + ".npy")
    #expect { try open() } throws: { "\($0)".contains(reason) }
  }

  @Test func labelsBeyondTheClassesAreRefused() throws {
    try writeVectors()
    #expect { try open(nil, ["classes": .integer(3)]) } throws: {
      "\($0)".hasSuffix("y_train.npy: label 4 of example 1 is not in 0..<3")
    }
  }

  @Test func memoryIsAskedForFirst() throws {
    #expect { try open(Fixture.path("keras.npz"), memory: 80 * 8) } throws: {
      "\($0)".contains("array 'x_train': has 90 values; the memory there is holds 80")
    }
  }

  @Test func namesHaveToBeClear() throws {
    #expect { try open() } throws: {
      "\($0)".contains("has no arrays; the arrays (.npy) have to be")
    }
    try writeVectors()
    for part in ["train-images", "train-labels", "test-images", "test-labels"] {
      try scratch.write(NPYBytes.floats("(1, 1)", [0]), to: part + ".npy")
    }
    #expect { try open() } throws: {
      "\($0)".contains("holds several data sets (x_train, train-images): keep one")
    }
    #expect(throws: DatasetError.fileNotFound(path: scratch.path + "/none.npz")) {
      try open(scratch.path + "/none.npz")
    }
    try scratch.write(NPYBytes.floats("(1, 1)", [0]), to: "one.npy")
    #expect { try open(scratch.path + "/one.npy") } throws: {
      "\($0)".contains("holds a single array (.npy), not an archive")
    }
  }
}
