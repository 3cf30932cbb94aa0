/// The paths of the four files of a data set in IDX format.
public struct IDXFiles: Sendable, Equatable {
  /// Which of several data sets of a folder is meant.
  public enum Split: Sendable, Equatable {
    /// The only one that there is.
    case only
    /// The one whose names have no split, as in MNIST.
    case unnamed
    /// A split of EMNIST, such as `letters`.
    case named(String)
  }

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
  /// A dot may stand before `idx` (7-Zip), `emnist-SPLIT-` in front and `test` for `t10k` (EMNIST),
  /// `.gz` at the end; where a file is there raw and compressed, the raw one is taken. They lie in
  /// the folder itself or where torchvision and EMNIST put them, such as `raw` or `MNIST/raw`. A
  /// folder that holds more than one data set, or one file under two spellings, is refused,
  /// because a guess would change results in silence.
  public init(folder: String, split: Split = .only) throws(DatasetError) {
    // Bytes: a combining mark after the slash makes one character with it.
    let base = folder.utf8.last == UInt8(ascii: "/") ? String(folder.utf8.dropLast()) ?? "" : folder
    let contents = try Self.contents(of: folder)
    var homes = [Home(path: base, label: "", names: contents)]
    for subfolder in Self.subfolders {
      let path = base + "/" + subfolder
      guard let names = try? Self.contents(of: path) else { continue }
      homes.append(Home(path: path, label: subfolder + "/", names: names))
    }
    let found = homes.flatMap(\.dataSets).filter { split.includes($0.split) }
    guard let first = found.first else {
      throw .noneFound(
        folder: folder, found: homes.flatMap { home in home.names.map { home.label + $0 } },
        expected: Self.expected(split))
    }
    guard found.count == 1 else {
      throw .malformed(
        path: folder,
        reason: "holds several data sets (\(found.map(\.name).joined(separator: ", "))): "
          + (Set(found.map(\.home.label)).count > 1
            ? "name the folder of one of them" : "'split' names the one you mean"))
    }
    self.init(
      trainingImages: try first.path(of: .trainingImages),
      trainingLabels: try first.path(of: .trainingLabels),
      testImages: try first.path(of: .testImages),
      testLabels: try first.path(of: .testLabels))
  }

  static let subfolders = [
    "raw", "gzip", "MNIST/raw", "FashionMNIST/raw", "KMNIST/raw", "EMNIST/raw",
  ]

  private static func expected(_ split: Split) -> [String] {
    switch split {
    case .only:
      IDXNames.expected(.trainingImages, split: nil)
        + ["emnist-SPLIT-" + IDXNames.expected(.trainingImages, split: nil)[0]]
    case .unnamed: IDXNames.expected(.trainingImages, split: nil)
    case .named(let name): IDXNames.expected(.trainingImages, split: name)
    }
  }

  /// The names in a folder, in order.
  private static func contents(of folder: String) throws(DatasetError) -> [String] {
    guard let names = FolderNames.sorted(in: folder) else {
      // The system says why it cannot be opened.
      _ = try InputFile(path: folder)
      throw .unreadable(path: folder, reason: "it is no folder")
    }
    return names
  }
}

extension IDXFiles.Split {
  fileprivate func includes(_ split: String?) -> Bool {
    switch self {
    case .only: true
    case .unnamed: split == nil
    case .named(let name): split == name
    }
  }
}

/// A folder in which files may lie.
private struct Home {
  let path: String
  /// The folder below the one that was given, with a slash at its end.
  let label: String
  let names: [String]

  /// The data sets whose training images are here, by split.
  var dataSets: [IDXHomeSet] {
    let parsed = names.compactMap { IDXNames.parsed($0) }
    let splits = Set(parsed.filter { $0.part == .trainingImages }.map(\.split))
    return splits.sorted { ($0 ?? "") < ($1 ?? "") }.map { split in
      IDXHomeSet(home: self, split: split, files: parsed.filter { $0.split == split })
    }
  }
}

/// The files of one data set in a folder.
private struct IDXHomeSet {
  let home: Home
  let split: String?
  let files: [IDXNames.Name]

  /// The name in messages.
  var name: String {
    let place = home.label.isEmpty ? "" : String(home.label.dropLast())
    switch (split, place.isEmpty) {
    case (nil, true): return "the folder itself"
    case (nil, false): return place
    case (let split?, true): return split
    case (let split?, false): return place + " " + split
    }
  }

  func path(of part: IDXNames.Part) throws(DatasetError) -> String {
    let candidates = files.filter { $0.part == part }
    let stems = Set(candidates.map(\.stem)).sorted()
    guard let stem = stems.first else {
      throw .noneFound(
        folder: home.path, found: home.names, expected: IDXNames.expected(part, split: split))
    }
    guard stems.count == 1 else {
      throw .malformed(
        path: home.path,
        reason:
          "holds \(stems.joined(separator: " and ")), two spellings of one file: move one away")
    }
    let isRaw = candidates.contains { !$0.isCompressed }
    return home.path + "/" + stem + (isRaw ? "" : ".gz")
  }
}
