import Datasets
import Determinism
import Tensors
import Testing

/// Images that are rows of values, or have channels.
@Suite struct IDXDimensionsTests {
  let scratch: Scratch
  let seed = SeedPath(root: 1)

  init() throws { scratch = try Scratch() }

  /// Two examples to train with and one to test on; the values count up.
  private func write(_ extents: [UInt32], name: String, test: [UInt32]? = nil) throws {
    for (part, count, extents) in [("train", 2, extents), ("t10k", 1, test ?? extents)] {
      let size = extents.reduce(1, *) * UInt32(count)
      try scratch.write(
        IDXFolder.header(UInt8(extents.count + 1), [UInt32(count)] + extents)
          + (0..<size).map { UInt8($0) }, to: "\(part)-images-\(name)-ubyte")
      try scratch.write(
        IDXFolder.header(1, [UInt32(count)]) + [3, 1].prefix(count), to: "\(part)-labels-idx1-ubyte"
      )
    }
  }

  @Test(
    arguments: [
      ([6], "idx2", InputShape.vector(6), [6]),
      ([2, 3], "idx3", .image(height: 2, width: 3, channels: 1), [2, 3]),
      ([2, 3, 1], "idx4", .image(height: 2, width: 3, channels: 1), [2, 3]),
      ([1, 2, 3], "idx4", .image(height: 1, width: 2, channels: 3), [1, 2, 3]),
      ([1, 2, 3], "idx3", .image(height: 1, width: 2, channels: 3), [1, 2, 3]),
    ] as [([UInt32], String, InputShape, [Int])])
  func imagesHaveTwoToFourDimensions(
    extents: [UInt32], name: String, shape: InputShape, canonical: [Int]
  ) throws {
    try write(extents, name: name)
    let source = try IDXSource(folder: scratch.path)
    #expect(source.shape == shape)
    let data = try source.load(trainingCount: 0, seed: seed)
    #expect(data.training.labels == [3, 1])
    #expect(data.training.inputs.values == (0..<12).map { Float($0) / 255 })
    #expect(data.test.inputs.values == (0..<6).map { Float($0) / 255 })
    let arrays = try #require(try source.canonicalArrays())
    #expect(arrays[0].shape == [2] + canonical)
    #expect(arrays[0].bytes == Array(0..<12))
  }

  @Test func channelsStayTogetherWhenTransposed() throws {
    try write([1, 2, 3], name: "idx4")
    let source = try IDXSource(files: IDXFiles(folder: scratch.path), isTransposed: true)
    #expect(source.shape == .image(height: 2, width: 1, channels: 3))
    // One row of two pixels is one column of two: the order does not change.
    #expect(
      try source.load(trainingCount: 0, seed: seed).test.inputs.values
        == (0..<6).map { Float($0) / 255 })
    try write([2, 2, 2], name: "idx4")
    let square = try IDXSource(files: IDXFiles(folder: scratch.path), isTransposed: true)
    #expect(
      try square.load(trainingCount: 0, seed: seed).test.inputs.values
        == [0, 1, 4, 5, 2, 3, 6, 7].map { $0 / 255 })
    #expect(try square.canonicalArrays()?[2].bytes == [0, 1, 4, 5, 2, 3, 6, 7])
  }

  @Test func otherDimensionsAreRefused() throws {
    try write([6], name: "idx2")
    #expect {
      try IDXSource(files: IDXFiles(folder: scratch.path), isTransposed: true)
    } throws: { "\($0)".contains("nothing to transpose") }
    try write([1, 1, 2, 3], name: "idx2")
    #expect { try IDXSource(folder: scratch.path) } throws: {
      "\($0)".contains(
        "found 00 00 08 05, expected 00 00 08 02 or 00 00 08 03 or 00 00 08 04 (IDX, unsigned "
          + "bytes, 2 to 4 dimensions)")
    }
    try write([1, 2, 3], name: "idx2", test: [2, 3])
    #expect { try IDXSource(folder: scratch.path) } throws: {
      "\($0)".contains("images of 2x3 pixels, but those of")
    }
  }
}
