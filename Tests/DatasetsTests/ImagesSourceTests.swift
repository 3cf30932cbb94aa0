import Components
import Datasets
import Determinism
import Tensors
import Testing

@Suite struct ImagesSourceTests {
  let scratch: Scratch
  let seed = SeedPath(root: 1)

  init() throws { scratch = try Scratch() }

  private func open(
    _ given: [String: ArgumentValue] = [:], memory: Double = .infinity
  ) throws -> any DataSource {
    var given = given
    given["folder"] = .text(scratch.path)
    return try openDataset(dataset("images"), given, memory: memory)
  }

  private func write(_ name: String, _ header: String, _ samples: [UInt8]) throws {
    try scratch.write(Array(header.utf8) + samples, to: name)
  }

  private func writeColors() throws {
    try write("train/dog/2.ppm", "P6 1 2 255\n", [1, 2, 3, 4, 5, 6])
    try write("train/dog/10.PPM", "P6\n# a comment 9 9\n1\t2 #c\n255 ", [0x0a, 0, 0, 0, 0, 0xff])
    try write("train/cat/a.pnm", "P6\n1\n2\n255\n", [9, 9, 9, 9, 9, 9])
    try write("train/cat/.hidden.ppm", "nothing", [])
    try write("train/cat/notes.txt", "nothing", [])
    try write("train/README", "nothing", [])
    try write("test/dog/x.ppm", "P6 1 2 255\n", [51, 0, 0, 0, 0, 0])
  }

  @Test func foldersAreClasses() throws {
    try writeColors()
    let source = try open()
    #expect(source.shape == .image(height: 2, width: 1, channels: 3))
    #expect(source.classCount == 2)
    let data = try source.load(trainingCount: 0, seed: seed)
    #expect(data.training.labels == [0, 1, 1])
    #expect(
      data.training.inputs.values
        == [9, 9, 9, 9, 9, 9, 10, 0, 0, 0, 0, 255, 1, 2, 3, 4, 5, 6].map { $0 / 255 })
    #expect(data.test.labels == [1])
    #expect(data.test.inputs.values == [0.2, 0, 0, 0, 0, 0])
    let arrays = try #require(try source.canonicalArrays())
    #expect(arrays.map(\.name) == ["train-images", "train-labels", "test-images", "test-labels"])
    #expect(arrays[0].shape == [3, 2, 1, 3])
  }

  @Test func shareOfEveryClassIsDrawn() throws {
    for name in ["a", "b"] {
      for number in 0..<5 as Range<UInt8> {
        try write("\(name)/\(number).pgm", "P5 1 1 255 ", [number])
      }
    }
    let source = try open()
    #expect(source.shape == .image(height: 1, width: 1, channels: 1))
    #expect(source.trainingCount == 8)
    #expect(try source.load(trainingCount: 0, seed: seed).test.labels == [0, 1])
    #expect(try source.canonicalArrays()?[0].bytes == [0, 1, 2, 3, 4, 0, 1, 2, 3, 4])
  }

  @Test(arguments: [
    ("P6 1 2 255\n", 5, "has 5 bytes of samples, and 1 x 2 x 3 are needed"),
    ("P6 1 2 255\n", 7, "has 7 bytes of samples"),
    ("P6 999999999 999999999 255\n", 6, "999999999 x 999999999 x 3 are needed"),
    ("P6 99999999999999999999 1 255\n", 6, "the height is no number above 0"),
    ("P6 0 2 255\n", 0, "the width is no number above 0"),
    ("P6 -1 2 255\n", 6, "the width is no number above 0"),
    ("P6 1 2 65535\n", 12, "samples up to 65535"),
    ("P6 1 2", 0, "the largest sample is no number above 0"),
    ("P6 1 2 255", 0, "no white space before the samples"),
    ("P6", 0, "the width is no number above 0"),
    ("P6 # never ends", 0, "the width is no number above 0"),
    ("P3 1 2 255\n", 6, "is no image in the format"),
    (
      "P6 2 1 255\n", 6,
      "has 1x2x3 samples (height, width, channels), and the first image has 2x1x3"
    ),
    ("P5 1 2 255\n", 2, "has 2x1x1 samples"),
    ("", 0, "the file is empty"),
    ("\u{89}PNG", 0, "no image in the format PNG, PGM (P5) or PPM (P6)"),
  ])
  func whatIsWrongIsSaid(header: String, count: Int, reason: String) throws {
    try writeColors()
    try write("train/dog/9.ppm", header, [UInt8](repeating: 7, count: count))
    #expect { try open() } throws: {
      "\($0)".contains("train/dog/9.ppm: ") && "\($0)".contains(reason)
    }
  }

  @Test func foldersHaveToFit() throws {
    #expect { try open() } throws: { "\($0)".contains("has 0 folders of classes") }
    try writeColors()
    #expect { try open(memory: 8 * 12) } throws: {
      "\($0)".contains("take more memory than there is")
    }
    try write("test/emu/x.ppm", "P6 1 2 255\n", [51, 0, 0, 0, 0, 0])
    #expect { try open() } throws: {
      "\($0)".hasSuffix("test/emu: is a class that there is nothing to train with")
    }
  }
}
