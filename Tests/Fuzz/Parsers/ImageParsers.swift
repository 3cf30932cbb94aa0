import Components

@testable import Datasets

/// Readers of images.
enum ImageParsers {
  private static let scratch = ScratchFolder()

  /// Netpbm, as the one image of each of two classes.
  static func image(_ bytes: [UInt8]) throws {
    let path = one.write(bytes, to: "1.ppm")
    let image = try RasterImage(path: path, decodePNG: nil)
    require(
      image.bytes.elementsEqual(bytes.suffix(image.bytes.count)),
      "samples that are not those of the file")
    let header = "P\(image.channelCount == 1 ? 5 : 6)\n\(image.width) \(image.height)\n255\n"
    let again = try RasterImage(
      path: scratch.write(Array(header.utf8) + image.bytes, to: "again.ppm"), decodePNG: nil)
    require(again == image, "an image that is not read as it was written")
    one.write(bytes, to: "2.pgm")
    other.write(bytes, to: "1.pnm")
    other.write(bytes, to: "2.ppm")
    try OpenedSource.check(
      ImagesSource.entry, ["folder": .text(folder.path), "test-share": .real(0.5)])
  }

  private static let folder = ScratchFolder("images")
  private static let one = ScratchFolder("images", "a")
  private static let other = ScratchFolder("images", "b")

  /// The files of the format that the first byte chooses; each other byte stands for a label or, if
  /// it is one of those after it, for a plane of one color: pixels teach nothing.
  static func cifar(_ bytes: [UInt8]) throws {
    let choice = choices[Int(bytes.first ?? 0) % choices.count]
    var file: [UInt8] = []
    for (place, byte) in bytes.dropFirst().enumerated() {
      let isLabel = place % (choice.labelCount + 3) < choice.labelCount
      file += isLabel ? [byte] : [UInt8](repeating: byte, count: 32 * 32)
    }
    batches.write(file, to: "data_batch_1.bin")
    try OpenedSource.check(
      choice.entry, choice.given.merging(["folder": .text(batches.path)]) { $1 })
  }

  private static let choices: [CIFARChoice] = [
    .init(entry: CIFARSource.tenEntry, labelCount: 1),
    .init(
      entry: CIFARSource.tenEntry, labelCount: 1,
      given: ["train-limit": .integer(2), "test-limit": .integer(1)]),
    .init(entry: CIFARSource.hundredEntry, labelCount: 2, given: ["labels": .text("fine")]),
    .init(entry: CIFARSource.hundredEntry, labelCount: 2, given: ["labels": .text("coarse")]),
  ]

  /// A way to read files of CIFAR.
  private struct CIFARChoice {
    let entry: DatasetEntry
    /// How many labels a record has.
    let labelCount: Int
    var given: [String: ArgumentValue] = [:]
  }

  private static let batches: ScratchFolder = {
    let folder = ScratchFolder("cifar")
    // One input is all files.
    for name in (2...5).map({ "data_batch_\($0)" }) + ["test_batch", "train", "test"] {
      folder.link(name + ".bin", to: "data_batch_1.bin")
    }
    return folder
  }()
}
