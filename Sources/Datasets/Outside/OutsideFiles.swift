/// The files of a set of outside examples.
struct OutsideFiles {
  let training: OutsidePart
  let test: OutsidePart?

  /// Finds the set that a folder or an archive holds.
  init(path: String) throws(DatasetError) {
    guard !path.hasSuffix(".npz") else {
      try self.init(archive: path)
      return
    }
    guard let names = FolderNames.sorted(in: path) else {
      // The system says why it cannot be opened.
      _ = try InputFile(path: path)
      throw .unreadable(path: path, reason: "it is no folder and no .npz archive")
    }
    let archives = names.filter { $0.hasSuffix(".npz") }
    let arrays = names.filter { $0.hasSuffix(".npy") }
    let images = names.compactMap(IDXNames.parsed)
    let kinds = [
      archives.count, arrays.isEmpty ? 0 : 1, images.isEmpty ? 0 : 1,
    ]
    guard kinds.reduce(0, +) == 1 else {
      throw .malformed(
        path: path,
        reason: kinds.allSatisfy { $0 == 0 }
          ? "holds no examples: one set of IDX files (train-images-idx3-ubyte and its labels), of "
            + "x.npy and y.npy, or an .npz archive of x and y is needed"
          : "holds several sets of examples, IDX files, .npy files or .npz archives: keep one")
    }
    if let archive = archives.first {
      try self.init(archive: path + "/" + archive)
    } else if images.isEmpty {
      try self.init(named: arrays.map { String($0.dropLast(4)) }, path: path) { name in
        .file(path + "/" + name + ".npy")
      }
    } else {
      try self.init(images: images, folder: path)
    }
  }

  private init(archive path: String) throws(DatasetError) {
    let arrays = try NPZFile.read(path, limit: OutsidePart.largest)
    try self.init(named: arrays.map(\.name), path: path) { name in
      arrays.first { $0.name == name }.map { .read($0.array, path: "\(path), array '\(name)'") }
        ?? .file(path)
    }
  }

  private init(
    named names: [String], path: String, _ array: (String) -> OutsidePart.Arrays
  ) throws(DatasetError) {
    func part(_ ending: String) -> OutsidePart {
      .arrays(inputs: array("x" + ending), labels: array("y" + ending))
    }
    switch names.sorted() {
    case ["x", "y"]: self.init(training: part(""), test: nil)
    case ["x_test", "x_train", "y_test", "y_train"]:
      self.init(training: part("_train"), test: part("_test"))
    default:
      throw .malformed(
        path: path,
        reason:
          "has the arrays \(names.sorted().joined(separator: ", ")), not x and y, or x_train, "
          + "y_train, x_test and y_test")
    }
  }

  private init(images names: [IDXNames.Name], folder: String) throws(DatasetError) {
    func file(_ part: IDXNames.Part) throws(DatasetError) -> String? {
      let files = names.filter { $0.part == part }
      guard Set(files.map(\.stem)).count < 2 else {
        throw .malformed(
          path: folder,
          reason: "holds \(Set(files.map(\.stem)).sorted().joined(separator: " and ")), which both "
            + "would do: keep one")
      }
      return files.first.map { file in
        folder + "/" + file.stem + (files.contains { !$0.isCompressed } ? "" : ".gz")
      }
    }
    func pair(
      _ images: IDXNames.Part, _ labels: IDXNames.Part
    ) throws(DatasetError) -> OutsidePart? {
      switch (try file(images), try file(labels)) {
      case (let images?, let labels?): return .images(images, labels: labels)
      case (nil, nil): return nil
      case (let images?, nil):
        throw .malformed(path: images, reason: "has no file \(labels.rawValue)-\(labels.ending)")
      case (nil, let file?):
        throw .malformed(path: file, reason: "has no file \(images.rawValue)-\(images.ending)")
      }
    }
    guard let training = try pair(.trainingImages, .trainingLabels) else {
      throw .malformed(path: folder, reason: "has no file train-images-idx3-ubyte")
    }
    self.init(training: training, test: try pair(.testImages, .testLabels))
  }

  private init(training: OutsidePart, test: OutsidePart?) {
    self.training = training
    self.test = test
  }
}
