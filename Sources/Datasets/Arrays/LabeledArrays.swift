import Tensors

/// An array of inputs and the array of their labels, checked.
struct LabeledArrays {
  let shape: InputShape
  let isBytes: Bool
  let labels: [Int]
  let labelPath: String
  private var values: [Float]

  var elements: String { isBytes ? "bytes" : "floats" }

  /// Reads both, of at most `valueLimit` values; with a limit, the first so many examples are kept.
  init(
    _ files: ArrayFiles, _ inputName: String, _ labelName: String, isChannelsFirst: Bool,
    limit: Int?, valueLimit: Int
  ) throws(DatasetError) {
    // Labels first: they are small, and a wrong one should not cost the time of the inputs.
    let labelArray = try files.array(labelName, limit: valueLimit)
    var labels = try Self.labels(labelArray)
    let inputs = try files.array(inputName, limit: valueLimit)
    shape = try Self.shape(inputs, isChannelsFirst)
    guard inputs.shape[0] == labels.count else {
      throw .malformed(
        path: labelArray.path,
        reason: "\(labels.count == 1 ? "1 label" : "\(labels.count) labels") for the "
          + "\(inputs.shape[0]) examples of \(inputs.path)")
    }
    values = inputs.values
    let count = try ExampleLimit.count(limit, of: labels.count, path: inputs.path)
    if count < labels.count {
      labels.removeLast(labels.count - count)
      values.removeLast(values.count - count * shape.count)
    }
    self.labels = labels
    labelPath = labelArray.path
    isBytes = inputs.isBytes
    try prepare(path: inputs.path, isChannelsFirst)
  }

  /// Makes sure that floats are finite, and moves channels to the end.
  private mutating func prepare(path: String, _ isChannelsFirst: Bool) throws(DatasetError) {
    let size = shape.count
    if !isBytes, let bad = values.firstIndex(where: { !$0.isFinite }) {
      throw .malformed(
        path: path,
        reason:
          "value \(bad % size) of example \(bad / size) is \(values[bad]), which is not finite")
    }
    guard isChannelsFirst, case .image(let height, let width, let channels) = shape, channels > 1
    else { return }
    var image = [Float](repeating: 0, count: size)
    for start in stride(from: 0, to: values.count, by: size) {
      for index in 0..<size { image[index] = values[start + index] }
      for place in 0..<height * width {
        for channel in 0..<channels {
          values[start + place * channels + channel] = image[channel * height * width + place]
        }
      }
    }
  }

  func shard(classCount: Int) -> Shard {
    let (rows, columns) = (labels.count, shape.count)
    return Shard(
      inputs: isBytes
        ? ExampleMatrix(rowCount: rows, columnCount: columns, bytes: values.map { UInt8($0) })
        : ExampleMatrix(rowCount: rows, columnCount: columns, values: values),
      labels: labels, classCount: classCount, shape: shape)
  }

  private static func labels(_ array: NumericArray) throws(DatasetError) -> [Int] {
    guard array.shape.count == 1 || array.shape.count == 2 && array.shape[1] == 1 else {
      throw .malformed(
        path: array.path,
        reason: "has the shape \(NPYHeader.text(array.shape)); labels are (n,) or (n, 1), one per "
          + "example")
    }
    var labels: [Int] = []
    labels.reserveCapacity(array.values.count)
    for (row, value) in array.values.enumerated() {
      guard value >= 0, value < Float(ArraysSource.classLimit), value == value.rounded() else {
        throw .malformed(
          path: array.path, reason: "the label of example \(row) is \(value), no class")
      }
      labels.append(Int(value))
    }
    return labels
  }

  private static func shape(
    _ array: NumericArray, _ isChannelsFirst: Bool
  ) throws(DatasetError) -> InputShape {
    let extents = array.shape
    guard (2...4).contains(extents.count), !extents.contains(0) else {
      throw .malformed(
        path: array.path,
        reason:
          "has the shape \(NPYHeader.text(extents)); inputs have 2 to 4 dimensions, the first "
          + "of which counts examples, none of them 0")
    }
    switch extents.count {
    case 2: return .vector(extents[1])
    case 3: return .image(height: extents[1], width: extents[2], channels: 1)
    default:
      return isChannelsFirst
        ? .image(height: extents[2], width: extents[3], channels: extents[1])
        : .image(height: extents[1], width: extents[2], channels: extents[3])
    }
  }
}
