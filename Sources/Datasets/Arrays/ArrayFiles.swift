/// Where the four arrays of a data set are: in a folder, or in one archive.
struct ArrayFiles {
  /// The names of inputs and labels to train with and to test on.
  struct Names: Equatable {
    let trainingInputs: String
    let trainingLabels: String
    let testInputs: String
    let testLabels: String

    var all: [String] { [trainingInputs, trainingLabels, testInputs, testLabels] }

    init(_ names: [String]) {
      (trainingInputs, trainingLabels) = (names[0], names[1])
      (testInputs, testLabels) = (names[2], names[3])
    }

    /// The names that are looked for: those of Keras, of MedMNIST, and with dashes or in folders.
    static let known = [
      Names(["x_train", "y_train", "x_test", "y_test"]),
      Names(["train_images", "train_labels", "test_images", "test_labels"]),
      Names(["train-images", "train-labels", "test-images", "test-labels"]),
      Names(["train/images", "train/labels", "test/images", "test/labels"]),
    ]
  }

  let path: String
  let names: Names
  private let isArchive: Bool

  /// Finds the arrays below a folder, or in an archive (`.npz`), which may hold others too.
  ///
  /// - Throws: ``DatasetError`` where not exactly one set of names is there whole.
  init(path: String) throws(DatasetError) {
    self.path = path
    var found: Set<String> = []
    if let names = FolderNames.sorted(in: path) {
      isArchive = false
      found.formUnion(names.filter { $0.hasSuffix(".npy") }.map { String($0.dropLast(4)) })
      for folder in ["train", "test"] {
        let inner = FolderNames.sorted(in: path + "/" + folder) ?? []
        found.formUnion(
          inner.filter { $0.hasSuffix(".npy") }.map { folder + "/" + $0.dropLast(4) })
      }
    } else {
      isArchive = true
      let file = try InputFile(path: path)
      for entry in try ZIPDirectory(of: file).entries {
        found.insert(try NPZFile.arrayName(entry, path: path))
      }
    }
    let whole = Names.known.filter { $0.all.allSatisfy(found.contains) }
    guard let names = whole.first, whole.count == 1 else {
      let wanted = Names.known.map { $0.all.joined(separator: ", ") }.joined(separator: "; or ")
      throw .malformed(
        path: path,
        reason: whole.isEmpty
          ? "has \(Self.list(found.sorted())); the arrays (.npy) have to be \(wanted)"
          : "holds several data sets (\(whole.map { $0.all[0] }.joined(separator: ", "))): keep one"
      )
    }
    self.names = names
  }

  /// The first names, and how many more there are.
  private static func list(_ names: [String]) -> String {
    guard !names.isEmpty else { return "no arrays" }
    let more = names.count > 8 ? " and \(names.count - 8) more" : ""
    return "the arrays " + names.prefix(8).joined(separator: ", ") + more
  }

  /// Reads one of them, of at most so many values.
  func array(_ name: String, limit: Int) throws(DatasetError) -> NumericArray {
    guard isArchive else {
      return try NumericArray(
        from: InputFile(path: path + "/" + name + NPZFile.suffix), limit: limit)
    }
    let file = try InputFile(path: path)
    let directory = try ZIPDirectory(of: file)
    for entry in directory.entries where try NPZFile.arrayName(entry, path: path) == name {
      let member = try ZIPMember(
        entry, of: file, endingBefore: directory.start, path: "\(path), array '\(name)'")
      let array = try NumericArray(from: member, limit: limit)
      try member.finish()
      return array
    }
    throw .malformed(path: path, reason: "the file changed since it was checked")
  }
}
