import Tensors

/// The images of the classes in one folder, all of one size.
struct ImageList {
  private(set) var bytes: [UInt8] = []
  private(set) var labels: [Int] = []
  /// Height, width and channels; empty before the first image.
  private(set) var extents: [Int]
  private let classes: [String]
  private let valueLimit: Int
  private let decodePNG: RasterImage.Decoder?

  init(
    classes: [String], valueLimit: Int, extents: [Int] = [], decodePNG: RasterImage.Decoder?
  ) {
    self.classes = classes
    self.decodePNG = decodePNG
    self.valueLimit = valueLimit
    self.extents = extents
  }

  /// Reads the images of every class, those of a class in the order of their names; other files and
  /// hidden ones are passed over.
  mutating func read(_ folder: String) throws(DatasetError) {
    for name in ImagesSource.subfolders(folder) where !classes.contains(name) {
      throw .malformed(
        path: folder + "/" + name, reason: "is a class that there is nothing to train with")
    }
    for (label, name) in classes.enumerated() {
      let home = folder + "/" + name
      for file in FolderNames.sorted(in: home) ?? [] where Self.isImage(file) {
        try append(
          RasterImage(path: home + "/" + file, decodePNG: decodePNG), label, path: home + "/" + file
        )
      }
    }
    guard !labels.isEmpty else {
      throw .malformed(
        path: folder, reason: "holds no images (.png, .pgm, .ppm, .pnm) in its classes")
    }
  }

  private static func isImage(_ name: String) -> Bool {
    let name = name.lowercased()
    return !name.hasPrefix(".") && [".png", ".pgm", ".ppm", ".pnm"].contains { name.hasSuffix($0) }
  }

  private mutating func append(
    _ image: RasterImage, _ label: Int, path: String
  ) throws(DatasetError) {
    let own = [image.height, image.width, image.channelCount]
    if extents.isEmpty { extents = own }
    guard own == extents else {
      throw .malformed(
        path: path,
        reason: "has \(IDXReader.text(own)) samples (height, width, channels), and the first image "
          + "has \(IDXReader.text(extents))")
    }
    guard bytes.count + image.bytes.count <= valueLimit else {
      throw .malformed(
        path: path, reason: "the images up to here take more memory than there is")
    }
    bytes += image.bytes
    labels.append(label)
  }

  /// - Precondition: There is an image.
  var shard: Shard {
    let shape = InputShape.image(height: extents[0], width: extents[1], channels: extents[2])
    return Shard(
      inputs: ExampleMatrix(rowCount: labels.count, columnCount: shape.count, bytes: bytes),
      labels: labels, classCount: classes.count, shape: shape)
  }
}
