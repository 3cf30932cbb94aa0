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

  /// A file of each of the two formats of CIFAR, to train with and to test on.
  static func cifar(_ bytes: [UInt8]) throws {
    for name in ["data_batch_1.bin", "test_batch.bin", "train.bin", "test.bin"] {
      batches.write(bytes, to: name)
    }
    for labels in ["fine", "coarse"] {
      try? OpenedSource.check(
        CIFARSource.hundredEntry, ["folder": .text(batches.path), "labels": .text(labels)])
    }
    try OpenedSource.check(CIFARSource.tenEntry, ["folder": .text(batches.path)])
  }

  private static let batches: ScratchFolder = {
    let folder = ScratchFolder("cifar")
    // One input is all batches.
    for number in 2...5 { folder.link("data_batch_\(number).bin", to: "data_batch_1.bin") }
    return folder
  }()
}
