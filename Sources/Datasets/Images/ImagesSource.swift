import Components
import Tensors

/// A folder of images per class, as torchvision's `ImageFolder` has them.
enum ImagesSource {
  static let entry = DatasetEntry(
    manifest: ComponentManifest(
      id: "images", summary: "A folder of images per class (PNG, PGM, PPM), torchvision's layout.",
      formula: "bytes in 0...1; classes are the folders in the order of their names",
      origin: """
        The folder holds train and test with a folder for each class, or the folders of the classes \
        themselves; then each run draws test-share of every class. Images are PNG, or binary PGM (P5) \
        or PPM (P6), with eight bits a sample, all of one size and all gray or all in color; an \
        alpha channel is left out. A relative folder is looked for where the program starts, beside the scenario, in \
        $GAUNTLET_DATA and in /usr/share/datasets.
        """,
      parameters: [
        ParameterSpec(
          "folder", .path, default: .required, help: "the folder with train and test, or classes"),
        ParameterSpec(
          "test-share", .real(0.001...0.999), default: .real(0.2),
          help: "without a folder test, the share of examples to test on"),
      ])
  ) { (arguments, setup) throws(DatasetError) in
    let folder = try setup.locate(arguments.text("folder"))
    guard let names = FolderNames.sorted(in: folder) else {
      // The system says why it cannot be opened.
      _ = try InputFile(path: folder)
      throw .unreadable(path: folder, reason: "it is no folder")
    }
    let isSplit = names.contains("train") && names.contains("test")
    let home = isSplit ? folder + "/train" : folder
    let classes = subfolders(home)
    guard (2...ArraysSource.classLimit).contains(classes.count) else {
      throw .malformed(
        path: home,
        reason: "has \(classes.count) folders of classes, and 2 to \(ArraysSource.classLimit) are "
          + "needed; the folders train and test may be around them")
    }
    var training = ImageList(
      classes: classes, valueLimit: setup.valueLimit, decodePNG: setup.decodePNG)
    try training.read(home)
    guard isSplit else {
      let source = SplitSource(
        all: training.shard, users: nil, share: arguments.real("test-share"), isBytes: true)
      guard source.testCount > 0 else {
        throw .malformed(path: home, reason: "has too few images to test on a share of them")
      }
      return source
    }
    var test = ImageList(
      classes: classes, valueLimit: setup.valueLimit - training.bytes.count,
      extents: training.extents, decodePNG: setup.decodePNG)
    try test.read(folder + "/test")
    return HeldSource(
      data: SplitData(training: training.shard, test: test.shard), isBytes: true)
  }

  /// The names of the folders in a folder, without hidden ones.
  static func subfolders(_ folder: String) -> [String] {
    (FolderNames.sorted(in: folder) ?? []).filter { name in
      !name.hasPrefix(".") && FolderNames.sorted(in: folder + "/" + name) != nil
    }
  }
}
