import Components
import Tensors

/// Inputs and labels in the files of NumPy: an archive such as Keras has them, or a folder of arrays.
enum ArraysSource {
  static let entry = DatasetEntry(
    manifest: ComponentManifest(
      id: "arrays",
      summary: "NumPy arrays of inputs and labels: an .npz archive, or a folder of .npy files.",
      formula: "bytes in 0...1, floats as they are; the files say which examples are for testing",
      origin: """
        The arrays are x_train, y_train, x_test and y_test (Keras); train_images, train_labels, \
        test_images and test_labels (MedMNIST; dashes do, too); or images and labels in the folders \
        train and test. Inputs are n x features, n x height x width or n x height x width x \
        channels, of uint8, float32 or float64; labels are n or n x 1 whole numbers from 0 on. A \
        relative path is looked for where the program starts, beside the scenario, in \
        $GAUNTLET_DATA and in /usr/share/datasets.
        """,
      parameters: [
        ParameterSpec(
          "path", .path, default: .required, help: "the .npz archive, or the folder of .npy files"),
        ParameterSpec(
          "classes", .integer(2...ArraysSource.classLimit, orWords: ["auto"]),
          default: .text("auto"), help: "classes; auto: one more than the largest label"),
        ParameterSpec(
          "channels", .choice(["last", "first"]), default: .text("last"),
          help: "where arrays of 4 dimensions have the channels; first, as PyTorch has them"),
      ] + ExampleLimit.parameters)
  ) { (arguments, setup) throws(DatasetError) in
    let files = try ArrayFiles(path: try setup.locate(arguments.text("path")))
    let isFirst = arguments.text("channels") == "first"
    let names = files.names
    let training = try LabeledArrays(
      files, names.trainingInputs, names.trainingLabels, isChannelsFirst: isFirst,
      limit: arguments.wholeNumber("train-limit"), valueLimit: setup.valueLimit)
    let test = try LabeledArrays(
      files, names.testInputs, names.testLabels, isChannelsFirst: isFirst,
      limit: arguments.wholeNumber("test-limit"),
      valueLimit: setup.valueLimit - training.labels.count * training.shape.count)
    guard training.shape == test.shape, training.isBytes == test.isBytes else {
      throw .malformed(
        path: files.path,
        reason: "the inputs to train with are \(training.shape) of \(training.elements), those to "
          + "test on \(test.shape) of \(test.elements)")
    }
    let classCount = try classCount(arguments.wholeNumber("classes"), training, test)
    return HeldSource(
      data: SplitData(
        training: training.shard(classCount: classCount), test: test.shard(classCount: classCount)),
      isBytes: training.isBytes)
  }

  static let classLimit = 100_000

  private static func classCount(
    _ given: Int?, _ training: LabeledArrays, _ test: LabeledArrays
  ) throws(DatasetError) -> Int {
    guard let given else {
      return max(2, 1 + max(training.labels.max() ?? 0, test.labels.max() ?? 0))
    }
    for part in [training, test] {
      for (row, label) in part.labels.enumerated() where label >= given {
        throw .malformed(
          path: part.labelPath, reason: "label \(label) of example \(row) is not in 0..<\(given)")
      }
    }
    return given
  }
}
