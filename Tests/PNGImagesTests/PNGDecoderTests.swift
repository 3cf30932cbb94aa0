import Components
import Datasets
import Determinism
import Foundation
import PNGImages
import Tensors
import Testing
import _TestSupport

/// Images of all kinds, whole and hostile.
@Suite struct PNGDecoderTests {
  private func decode(_ bytes: [UInt8]) throws(DatasetError) -> RasterImage {
    try PNGDecoder.image(bytes, path: "a.png")
  }

  private func problem(_ bytes: [UInt8]) -> String {
    do {
      _ = try decode(bytes)
      return "none"
    } catch {
      return "\(error)"
    }
  }

  private static let twoColors = PNGFile.bytes(
    width: 2, height: 1, .rgb, rows: [0, 1, 2, 3, 250, 251, 252])

  @Test func samplesOfEightBits() throws {
    let gray = try decode(PNGFile.bytes(width: 2, height: 2, .gray, rows: [0, 7, 8, 0, 9, 255]))
    #expect(
      gray == RasterImage(height: 2, width: 2, channelCount: 1, bytes: [7, 8, 9, 255]))
    let color = try decode(Self.twoColors)
    #expect(
      color == RasterImage(height: 1, width: 2, channelCount: 3, bytes: [1, 2, 3, 250, 251, 252]))
  }

  @Test func differencesToTheLeftAreUndone() throws {
    let image = try decode(
      PNGFile.bytes(width: 3, height: 1, .gray, rows: [1, 100, 5, 251]))
    #expect(image.bytes == [100, 105, 100])
  }

  @Test func alphaIsLeftOut() throws {
    let color = try decode(
      PNGFile.bytes(width: 2, height: 1, .rgbAlpha, rows: [0, 1, 2, 3, 0, 4, 5, 6, 128]))
    #expect(color.bytes == [1, 2, 3, 4, 5, 6] && color.channelCount == 3)
    let gray = try decode(
      PNGFile.bytes(width: 2, height: 1, .grayAlpha, rows: [0, 10, 0, 20, 77]))
    #expect(gray.bytes == [10, 20] && gray.channelCount == 1)
  }

  @Test func palettesAreColors() throws {
    let colors: [UInt8] = [10, 20, 30, 1, 2, 3, 40, 50, 60]
    let plain = try decode(
      PNGFile.bytes(
        width: 3, height: 1, depth: 2, .palette, parts: [("PLTE", colors)],
        rows: [0, 0b10_00_01_00]
      ))
    #expect(plain.bytes == [40, 50, 60, 10, 20, 30, 1, 2, 3])
    let clear = try decode(
      PNGFile.bytes(
        width: 1, height: 1, .palette, parts: [("PLTE", colors), ("tRNS", [0, 9])], rows: [0, 0]))
    #expect(clear.bytes == [10, 20, 30])
  }

  @Test func fewBitsAreSpreadOut() throws {
    let one = try decode(
      PNGFile.bytes(width: 4, height: 1, depth: 1, .gray, rows: [0, 0b0110_0000]))
    #expect(one.bytes == [0, 255, 255, 0])
    let two = try decode(
      PNGFile.bytes(width: 4, height: 1, depth: 2, .gray, rows: [0, 0b00_01_10_11]))
    #expect(two.bytes == [0, 85, 170, 255])
  }

  @Test func interlacedOnes() throws {
    // Three passes have pixels of it: the first, the one to its right, the row below.
    let image = try decode(
      PNGFile.bytes(width: 2, height: 2, .gray, interlaced: true, rows: [0, 1, 0, 2, 0, 3, 4]))
    #expect(image.bytes == [1, 2, 3, 4])
  }

  @Test func sixteenBitsAreRefused() {
    let bytes = PNGFile.bytes(width: 1, height: 1, depth: 16, .gray, rows: [0, 1, 2])
    #expect(problem(bytes) == "a.png: has 16 bits a sample; PNG images of up to 8 are read")
  }

  @Test(arguments: [
    (60_000, 60_000), (999_999, 1_000_000), (1_000_000, 1_000_000), (1, 1_000_000),
  ])
  func sizesBeyondTheLimits(width: Int, height: Int) {
    let bytes = PNGFile.bytes(width: width, height: height, .rgb, rows: [0, 1, 2, 3])
    let isTooLarge = width * height * 3 > RasterImage.fileLimit
    #expect(
      problem(bytes)
        == (isTooLarge
          ? "a.png: has \(width) x \(height) pixels; images of up to \(RasterImage.fileLimit) bytes are "
            + "read"
          : "a.png: says that it has \(width) x \(height) pixels, which its \(bytes.count) bytes cannot "
            + "hold"))
  }

  /// What libpng refuses itself.
  @Test(arguments: [(Int(Int32.max), Int(Int32.max)), (1_000_001, 1), (0, 1), (1, 0)])
  func sizesThatCannotBe(width: Int, height: Int) {
    let bytes = PNGFile.bytes(width: width, height: height, .rgb, rows: [0, 1, 2, 3])
    #expect(
      problem(bytes)
        == "a.png: is no PNG image, or a damaged one: Invalid IHDR data")
  }

  @Test func sizesThatTheBytesCannotHold() {
    let bytes = PNGFile.bytes(width: 9_000, height: 9_000, .gray, rows: [0, 1, 2, 3])
    #expect(
      problem(bytes)
        == "a.png: says that it has 9000 x 9000 pixels, which its \(bytes.count) bytes cannot hold")
    // That many could be in there, and are not.
    #expect(
      problem(PNGFile.bytes(width: 60, height: 60, .gray, rows: [0, 1, 2, 3]))
        .hasPrefix("a.png: is no PNG image, or a damaged one: "))
  }

  @Test func cutAnywhere() {
    let bytes = Self.twoColors
    // The last part says no more than that it is the last.
    for count in 0..<bytes.count - 12 {
      #expect(problem(Array(bytes[..<count])) != "none", "\(count) bytes")
    }
  }

  @Test func wrongAnywhere() {
    let bytes = Self.twoColors
    for place in 0..<bytes.count - 12 {
      for bit in 0..<8 {
        var changed = bytes
        changed[place] ^= 1 << bit
        #expect(problem(changed) != "none", "bit \(bit) of byte \(place)")
      }
    }
  }

  @Test func aRemarkWithAWrongChecksumIsNone() throws {
    var remark = PNGFile.part("tEXt", Array("Title\0a".utf8))
    remark[remark.count - 1] ^= 1
    // After the header, which takes 33 bytes with the signature.
    let bytes = Array(Self.twoColors[..<33]) + remark + Self.twoColors[33...]
    #expect(try decode(bytes).bytes == [1, 2, 3, 250, 251, 252])
  }

  @Test func otherFilesAreNone() {
    #expect(
      problem([]) == "a.png: is no PNG image, or ends early (truncated file?)")
    #expect(problem([UInt8](repeating: 7, count: 100)).hasPrefix("a.png: "))
    #expect(problem(PNGFile.signature + [UInt8](repeating: 0, count: 60)).hasPrefix("a.png: "))
  }

  @Test func foldersOfThem() throws {
    let folder = try TemporaryFolder()
    for (name, value) in [("a", 1), ("b", 2)] as [(String, UInt8)] {
      for part in ["train", "test"] {
        let home = folder.path + "/\(part)/\(name)"
        try FileManager.default.createDirectory(atPath: home, withIntermediateDirectories: true)
        let bytes = PNGFile.bytes(width: 1, height: 1, .rgb, rows: [0, value, 0, 255])
        try Data(bytes).write(to: URL(fileURLWithPath: home + "/x.PNG"))
      }
    }
    let entry = try #require(builtInDatasets.first { $0.manifest.id.rawValue == "images" })
    let arguments = try Arguments(["folder": .text(folder.path)], for: entry.manifest)
    var setup = DatasetSetup { (path) throws(DatasetError) in path }
    #expect(throws: DatasetError.self) { _ = try entry.open(arguments, setup) }
    setup.decodePNG = PNGDecoder.image
    let source = try entry.open(arguments, setup)
    let data = try source.load(trainingCount: 0, seed: SeedPath(root: 1))
    #expect(data.training.labels == [0, 1] && data.test.labels == [0, 1])
    #expect(data.training.inputs.values == [1, 0, 255, 2, 0, 255].map { $0 / 255 })
  }

  @Test func patternsOfTriggers() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/p.png"
    try Data(PNGFile.bytes(width: 2, height: 1, .rgb, rows: [0, 255, 0, 51, 0, 102, 0])).write(
      to: URL(fileURLWithPath: path))
    let pattern = try PatternFile(path: path, decodePNG: PNGDecoder.image)
    #expect(pattern.channelCount == 3)
    #expect(pattern.cells == Matrix(rows: [[1, 0, 0.2, 0, 0.4, 0]]))
    #expect(throws: DatasetError.self) { try PatternFile(path: path) }
  }
}
