import Datasets
import Diagnostics
import Foundation
import Kernels
import Tensors

/// The arrays of a round as its files have them, before tensors are joined to rows.
struct DumpArrays {
  private enum Updates {
    case whole(Matrix<Float>)
    /// One array per tensor, whose first dimension counts the clients.
    case parts([(name: String, array: NPZArray)])
  }

  private let updates: Updates
  private let path: String
  let global: [Float]?
  let rootUpdate: [Float]?
  /// The number of clients, n.
  let rowCount: Int
  /// The number of values of a client, d.
  let columnCount: Int

  /// Reads the files of a round.
  ///
  /// - Parameters:
  ///   - path: The file of the updates; a `.npy` may have `global.npy` and `root.npy` beside it.
  ///   - format: What it is.
  ///   - limit: The most values that are read.
  /// - Throws: `DatasetError` where a file cannot be read or arrays do not belong together.
  init(path: String, format: DumpFormat, limit: Int) throws(DatasetError) {
    self.path = path
    if format == .npy {
      let matrix = try NPYFile.readFloats(path) { rows, columns in
        rows > limit / columns
          ? "has \(rows) x \(columns) values, and the memory is enough for \(limit)" : nil
      }
      updates = .whole(matrix)
      (rowCount, columnCount) = (matrix.rowCount, matrix.columnCount)
      let folder = UserPath.folder(of: path)
      global = try Self.vector(DumpFiles.global, in: folder, count: matrix.columnCount)
      rootUpdate = try Self.vector(DumpFiles.root, in: folder, count: matrix.columnCount)
      return
    }
    let arrays =
      format == .npz
      ? try NPZFile.read(path, total: limit) : try SafeTensorsFile.read(path, limit: limit)
    let whole = arrays.first { $0.name == DumpFiles.updates }?.array
    var parts = arrays
    func taken(_ name: String) -> [Float]? {
      guard let place = parts.firstIndex(where: { $0.name == name }) else { return nil }
      return parts.remove(at: place).array.values
    }
    let global = taken(DumpFiles.global)
    let rootUpdate = taken(DumpFiles.root)
    if let whole {
      guard parts.count == 1 else {
        throw .malformed(
          path: path,
          reason: "has an array 'updates', and besides it "
            + parts.filter { $0.name != DumpFiles.updates }.prefix(5)
            .map { "'\(excerpt($0.name))'" }.joined(separator: ", ")
            + "; either all updates are in the first, or each tensor has an array")
      }
      parts = [(DumpFiles.updates, whole)]
    }
    rowCount = try Self.rowCount(of: parts, path: path)
    let n = rowCount
    columnCount = parts.reduce(0) { $0 + $1.array.values.count / n }
    guard columnCount > 0 else { throw .malformed(path: path, reason: "its arrays have no values") }
    if let whole {
      updates = .whole(
        Matrix(rowCount: rowCount, columnCount: columnCount, values: whole.values))
    } else {
      updates = .parts(parts)
    }
    for (name, vector) in [(DumpFiles.global, global), (DumpFiles.root, rootUpdate)] {
      try Self.check(vector, count: columnCount, path: "\(path), array '\(name)'")
    }
    (self.global, self.rootUpdate) = (global, rootUpdate)
  }

  /// Returns the rows, tensors joined in the order of a layout, or else of the file; and the layout.
  func rows(
    _ layout: ParameterLayout?
  ) throws(DatasetError) -> (updates: Matrix<Float>, layout: ParameterLayout?) {
    let parts: [(name: String, array: NPZArray)]
    switch updates {
    case .whole(let matrix): return (matrix, layout)
    case .parts(let found): parts = try ordered(found, layout)
    }
    var values: [Float] = []
    values.reserveCapacity(rowCount * columnCount)
    for row in 0..<rowCount {
      for (_, array) in parts {
        let size = array.values.count / rowCount
        values += array.values[row * size..<(row + 1) * size]
      }
    }
    let own = DumpLayers.layout(
      parts.map { ($0.name, Array($0.array.shape.dropFirst()), nil) }, columnCount: columnCount)
    return (
      Matrix(rowCount: rowCount, columnCount: columnCount, values: values), layout ?? own
    )
  }

  private func ordered(
    _ parts: [(name: String, array: NPZArray)], _ layout: ParameterLayout?
  ) throws(DatasetError) -> [(name: String, array: NPZArray)] {
    guard let layout else { return parts }
    let arrays = Dictionary(parts.map { ($0.name, $0.array) }) { first, _ in first }
    var ordered: [(name: String, array: NPZArray)] = []
    for segment in layout.segments {
      guard let array = arrays[segment.name] else {
        throw .malformed(
          path: path,
          reason:
            "has no array '\(excerpt(segment.name))', which layers in \(DumpMeta.fileName) names"
            + suggestion(for: segment.name, among: parts.map(\.name)))
      }
      guard array.values.count / rowCount == segment.range.count else {
        throw .malformed(
          path: path,
          reason:
            "array '\(excerpt(segment.name))' has \(array.values.count / rowCount) values for each "
            + "client, and layers in \(DumpMeta.fileName) says \(segment.range.count)")
      }
      ordered.append((segment.name, array))
    }
    return ordered
  }

  private static func rowCount(
    of parts: [(name: String, array: NPZArray)], path: String
  ) throws(DatasetError) -> Int {
    guard let first = parts.first else {
      throw .malformed(path: path, reason: "holds no updates")
    }
    for (name, array) in parts {
      guard let n = array.shape.first, n > 0, n == parts[0].array.shape.first else {
        throw .malformed(
          path: path,
          reason: "array '\(excerpt(name))' has the shape \(array.shape), the first one "
            + "\(first.array.shape); the first number of each has to be that of the clients")
      }
      guard name != DumpFiles.updates || array.shape.count == 2 else {
        throw .malformed(
          path: path, reason: "array 'updates' has the shape \(array.shape), not (clients, values)")
      }
    }
    return first.array.shape[0]
  }

  private static func vector(
    _ name: String, in folder: String, count: Int
  ) throws(DatasetError) -> [Float]? {
    let path = UserPath.joined(folder, "\(name).npy")
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let wanted = "has to be one vector of \(count) values"
    let vector = try NPYFile.readFloats(path) { rows, columns in
      rows == 1 && columns == count ? nil : wanted
    }.values
    try check(vector, count: count, path: path)
    return vector
  }

  private static func check(_ vector: [Float]?, count: Int, path: String) throws(DatasetError) {
    guard let vector else { return }
    guard vector.count == count else {
      throw .malformed(path: path, reason: "has \(vector.count) values, and a row has \(count)")
    }
  }
}
