import Foundation

/// The paths of the four files of a data set in IDX format.
public struct IDXFiles: Sendable, Equatable {
  public let trainingImages: String
  public let trainingLabels: String
  public let testImages: String
  public let testLabels: String

  public init(
    trainingImages: String, trainingLabels: String, testImages: String, testLabels: String
  ) {
    self.trainingImages = trainingImages
    self.trainingLabels = trainingLabels
    self.testImages = testImages
    self.testLabels = testLabels
  }

  /// Finds `train-images-idx3-ubyte`, `train-labels-idx1-ubyte` and their `t10k` counterparts.
  ///
  /// Each may end in `.gz`; where both exist, the raw file is taken. They lie in the folder itself
  /// or where torchvision puts them: in `raw`, `MNIST/raw` or `FashionMNIST/raw`. A folder that
  /// holds more than one data set is refused, because a guess would change results in silence.
  public init(folder: String) throws(DatasetError) {
    let base = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    let images = "train-images-idx3-ubyte"
    let homes = Self.subfolders.filter { Self.existing(images, in: base + $0) != nil }
    guard let home = homes.first else {
      guard FileManager.default.fileExists(atPath: folder) else {
        throw .fileNotFound(path: folder)
      }
      throw .noneFound(
        folder: folder,
        candidates: Self.subfolders.flatMap { home in
          Self.names(images).map { (home + "/" + $0).trimmingPrefix("/").description }
        })
    }
    guard homes.count == 1 else {
      let found = homes.map { $0.isEmpty ? "the folder itself" : String($0.dropFirst()) }
      throw .malformed(
        path: folder,
        reason: "holds several data sets (\(found.joined(separator: ", "))): name one of them")
    }
    self.init(
      trainingImages: try Self.require(images, in: base + home),
      trainingLabels: try Self.require("train-labels-idx1-ubyte", in: base + home),
      testImages: try Self.require("t10k-images-idx3-ubyte", in: base + home),
      testLabels: try Self.require("t10k-labels-idx1-ubyte", in: base + home))
  }

  private static let subfolders = ["", "/raw", "/MNIST/raw", "/FashionMNIST/raw"]

  private static func names(_ name: String) -> [String] { [name, name + ".gz"] }

  private static func existing(_ name: String, in folder: String) -> String? {
    names(name).map { folder + "/" + $0 }.first { FileManager.default.fileExists(atPath: $0) }
  }

  private static func require(_ name: String, in folder: String) throws(DatasetError) -> String {
    guard let path = existing(name, in: folder) else {
      throw .noneFound(folder: folder, candidates: names(name))
    }
    return path
  }
}
