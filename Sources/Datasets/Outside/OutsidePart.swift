import Kernels
import Tensors

/// Inputs and labels that belong together.
enum OutsidePart {
  /// An array that was read with its archive, or a file.
  enum Arrays {
    case read(NPZArray, path: String)
    case file(String)
  }

  case images(String, labels: String)
  case arrays(inputs: Arrays, labels: Arrays)

  /// The most values that an array may have.
  static let largest = 1 << 28

  /// Returns the inputs of one class, in the order of the file.
  func inputs(of label: Int, shape: InputShape) throws(DatasetError) -> Matrix<Float> {
    switch self {
    case .images(let images, let labels):
      try Self.images(images, labels, of: label, shape: shape)
    case .arrays(let inputs, let labels):
      try Self.arrays(inputs.load(), labels.load(), of: label, shape: shape)
    }
  }

  private static func images(
    _ path: String, _ labelPath: String, of label: Int, shape: InputShape
  ) throws(DatasetError) -> Matrix<Float> {
    let labels = try bytes(IDXReader(path: labelPath, dimensionCount: 1))
    let reader = try IDXReader(path: path, dimensionCount: 3)
    try check(reader.shape, against: shape, path: path)
    try check(labelCount: labels.count, of: labelPath, exampleCount: reader.shape[0], of: path)
    guard reader.shape.reduce(1, *) <= largest else {
      throw .malformed(path: path, reason: "has more than the \(largest) values that are read")
    }
    let pixels = try bytes(reader)
    let rows = labels.indices.filter { Int(labels[$0]) == label }
    return Matrix(
      rowCount: rows.count, columnCount: shape.count,
      values: rows.flatMap { row in
        pixels[row * shape.count..<(row + 1) * shape.count].map { Float($0) / 255 }
      })
  }

  private static func bytes(_ reader: IDXReader) throws(DatasetError) -> [UInt8] {
    var bytes: [UInt8] = []
    try reader.read { piece throws(DatasetError) in
      bytes.append(addingCapacity: piece.count) { target in
        for index in piece.indices { target.append(piece[index]) }
      }
    }
    return bytes
  }

  private static func arrays(
    _ inputs: (array: NPZArray, path: String), _ labels: (array: NPZArray, path: String),
    of label: Int, shape: InputShape
  ) throws(DatasetError) -> Matrix<Float> {
    guard labels.array.shape.count == 1 else {
      throw .malformed(
        path: labels.path,
        reason: "has \(labels.array.shape.count) dimensions; labels are a vector, one per example")
    }
    try check(inputs.array.shape, against: shape, path: inputs.path)
    try check(
      labelCount: labels.array.values.count, of: labels.path, exampleCount: inputs.array.shape[0],
      of: inputs.path)
    for (row, value) in labels.array.values.enumerated() {
      guard value >= 0, value <= 1e6, value == value.rounded() else {
        throw .malformed(
          path: labels.path, reason: "the label of example \(row) is \(value), no class")
      }
    }
    let rows = labels.array.values.indices.filter { Int(labels.array.values[$0]) == label }
    let size = shape.count
    for row in rows
    where !inputs.array.values[row * size..<(row + 1) * size].allSatisfy(\.isFinite) {
      throw .malformed(path: inputs.path, reason: "example \(row) has a value that is not finite")
    }
    return Matrix(
      rowCount: rows.count, columnCount: size,
      values: rows.flatMap { inputs.array.values[$0 * size..<($0 + 1) * size] })
  }

  /// Makes sure that all dimensions but the first are those of the task's inputs, or all in one.
  private static func check(
    _ extents: [Int], against shape: InputShape, path: String
  ) throws(DatasetError) {
    let own = Array(extents.dropFirst())
    var fitting = [[shape.count]]
    if case .image(let height, let width, let channels) = shape {
      fitting.append([height, width, channels])
      if channels == 1 { fitting.append([height, width]) }
    }
    guard fitting.contains(own) else {
      throw .malformed(
        path: path,
        reason: own.isEmpty
          ? "has no dimension of examples besides that of values"
          : "has inputs of \(own.map(String.init).joined(separator: "x")), the task \(shape)")
    }
  }

  private static func check(
    labelCount: Int, of labelPath: String, exampleCount: Int, of path: String
  ) throws(DatasetError) {
    guard labelCount == exampleCount else {
      throw .malformed(
        path: labelPath,
        reason: "\(labelCount == 1 ? "1 label" : "\(labelCount) labels") for the \(exampleCount) "
          + "examples of \(path)")
    }
  }
}

extension OutsidePart.Arrays {
  fileprivate func load() throws(DatasetError) -> (array: NPZArray, path: String) {
    switch self {
    case .read(let array, let path): (array, path)
    case .file(let path): (try NPYFile.readArray(path, limit: OutsidePart.largest), path)
    }
  }
}
