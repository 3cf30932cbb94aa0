import Datasets

/// A small data set in IDX format: 5 training and 3 test images of 2 × 3 pixels.
struct IDXFolder {
  var files: [(name: String, bytes: [UInt8])] = [
    ("train-images-idx3-ubyte", header(3, [5, 2, 3]) + (0..<30).map { UInt8($0 * 8) }),
    ("train-labels-idx1-ubyte", header(1, [5]) + [0, 1, 2, 9, 4]),
    ("t10k-images-idx3-ubyte", header(3, [3, 2, 3]) + (0..<18).map { 255 - UInt8($0) }),
    ("t10k-labels-idx1-ubyte", header(1, [3]) + [7, 7, 0]),
  ]

  static func header(_ dimensionCount: UInt8, _ extents: [UInt32]) -> [UInt8] {
    [0, 0, 8, dimensionCount]
      + extents.flatMap { extent in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: extent >> $0) } }
  }

  /// Writes the files and opens them; `compressed` names the files to write as gzip.
  func open(
    in scratch: Scratch, subfolder: String = "", compressed: Set<Int> = [],
    trainingLimit: Int? = nil,
    testLimit: Int? = nil
  ) throws -> IDXSource {
    for (index, file) in files.enumerated() {
      let gzip = compressed.contains(index)
      try scratch.write(
        gzip ? Gzip.member(file.bytes) : file.bytes,
        to: subfolder + file.name + (gzip ? ".gz" : ""))
    }
    return try IDXSource(
      folder: scratch.path, trainingLimit: trainingLimit, testLimit: testLimit)
  }
}
