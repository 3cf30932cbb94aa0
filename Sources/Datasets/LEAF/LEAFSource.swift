import Components
import Tensors

/// The JSON files of LEAF, whose examples belong to users.
///
/// The files are read piece by piece; in memory are the numbers alone.
enum LEAFSource {
  static let entry = DatasetEntry(
    manifest: ComponentManifest(
      id: "leaf", summary: "JSON files of LEAF (FEMNIST, Shakespeare), whose examples have users.",
      formula:
        "numbers as they are; a character is its place in LEAF's 80; the label is the next one",
      citations: [
        Citation(
          ["Caldas", "Duddu", "Wu", "Li", "Konečný", "McMahan", "Smith", "Talwalkar"],
          "LEAF: a benchmark for federated settings", "arXiv", 2018, arXiv: "1812.01097")
      ],
      origin: """
        The folder holds the folders train and test with files of users, num_samples and user_data \
        {x, y}, as LEAF's preprocess.sh makes them; a folder data between does no harm. Inputs of \
        784 numbers are images of 28 x 28 pixels. The partition natural makes users clients. A \
        relative folder is looked for where the program starts, beside the scenario, in \
        $GAUNTLET_DATA and in /usr/share/datasets.
        """,
      parameters: [
        ParameterSpec(
          "folder", .path, default: .required, help: "the folder with the folders train and test"),
        ParameterSpec(
          "classes", .integer(2...ArraysSource.classLimit, orWords: ["auto"]),
          default: .text("auto"),
          help: "classes, 62 of FEMNIST; auto: 80 for text, else one more than the largest label"),
        ParameterSpec(
          "users", .integer(1...100_000_000, orWords: ["none"]), default: .text("none"),
          help: "use only so many users of train, the first ones"),
        ParameterSpec(
          "test-users", .integer(1...100_000_000, orWords: ["none"]), default: .text("none"),
          help: "use only so many users of test, the first ones"),
      ])
  ) { (arguments, setup) throws(DatasetError) in
    var folder = try setup.locate(arguments.text("folder"))
    if FolderNames.sorted(in: folder + "/train") == nil,
      FolderNames.sorted(in: folder + "/data/train") != nil
    {
      folder += "/data"
    }
    var training = LEAFPart(
      LEAFPart.Limits(users: arguments.wholeNumber("users"), values: setup.valueLimit))
    try training.read(folder: folder + "/train")
    var test = LEAFPart(
      LEAFPart.Limits(
        users: arguments.wholeNumber("test-users"),
        values: setup.valueLimit - training.values.count))
    try test.read(folder: folder + "/test")
    guard training.width == test.width, training.isText == test.isText else {
      throw .malformed(
        path: folder,
        reason: "inputs to train with are \(kind(training)), those to test on \(kind(test))")
    }
    let largest = max(training.labels.max() ?? 0, test.labels.max() ?? 0)
    let classCount =
      arguments.wholeNumber("classes")
      ?? max(2, training.isText ? LEAFAlphabet.characters.count : 0, largest + 1)
    guard largest < classCount else {
      throw .malformed(path: folder, reason: "label \(largest) is not in 0..<\(classCount)")
    }
    let shape: InputShape =
      training.width == 784 && !training.isText
      ? .image(height: 28, width: 28, channels: 1) : .vector(training.width)
    return HeldSource(
      data: SplitData(
        training: training.shard(classCount: classCount, shape: shape),
        test: test.shard(classCount: classCount, shape: shape), trainingUsers: training.users),
      isBytes: false, alphabet: training.isText ? LEAFAlphabet.characters : nil)
  }

  private static func kind(_ part: LEAFPart) -> String {
    "\(part.width) \(part.isText ? "characters" : "numbers")"
  }
}
