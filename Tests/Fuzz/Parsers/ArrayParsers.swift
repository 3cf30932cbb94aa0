import Determinism
import Tensors

@testable import Datasets
@testable import Simulation

/// Readers of arrays.
enum ArrayParsers {
  private static let scratch = ScratchFolder()
  /// What the product reads of a pattern.
  private static let limit = 1 << 24

  static func npy(_ bytes: [UInt8]) throws {
    let path = scratch.write(bytes, to: "array.npy")
    _ = try? NPYFile.readArray(path, limit: limit)
    let mapped = try NPYFile.map(path)
    let read = try NPYFile.readFloats(path)
    require(
      mapped.values.map(\.bitPattern) == read.values.map(\.bitPattern)
        && mapped.rowCount == read.rowCount
        && read.values.count == read.rowCount * read.columnCount,
      "an array that is not mapped as it is read")
  }

  static func npz(_ bytes: [UInt8]) throws {
    check(try NPZFile.read(scratch.write(bytes, to: "arrays.npz"), limit: limit, total: limit))
  }

  static func safetensors(_ bytes: [UInt8]) throws {
    check(try SafeTensorsFile.read(scratch.write(bytes, to: "arrays.safetensors"), limit: limit))
  }

  /// Parameters that training starts from, which are the same once they are written by name.
  static func initial(_ bytes: [UInt8]) throws {
    let initial = try InitialParameters(
      path: scratch.write(bytes, to: "initial.npz"), layout: layout)
    require(
      initial.values.count == layout.count && initial.values.allSatisfy(\.isFinite),
      "parameters that are not those of a model")
    let path = scratch.path + "/again.npz"
    try NPZFile.write(
      layout.segments.map { segment in
        let values = Array(initial.values[segment.range])
        return (segment.name, NPZArray(shape: segment.shape, values: values))
      }, to: path)
    require(
      try InitialParameters(path: path, layout: layout).digest == initial.digest,
      "parameters that are not read as they were written")
  }

  private static let layout = ParameterLayout([
    .init(name: "w", role: .outputWeight, shape: [2, 3], range: 0..<6),
    .init(name: "b", role: .outputBias, shape: [3], range: 6..<9),
  ])

  private static func check(_ arrays: [(name: String, array: NPZArray)]) {
    for (name, array) in arrays {
      require(
        array.values.count == array.shape.reduce(1, *), "'\(name)' has another number of values")
    }
  }

  /// The images of a set, raw or compressed, or its labels where they have one dimension.
  static func idx(_ bytes: [UInt8]) throws {
    let path = scratch.write(bytes, to: "data-ubyte")
    for dimensionCount in [1, 3] {
      var count = 0
      guard let reader = try? IDXReader(path: path, dimensionCount: dimensionCount) else {
        continue
      }
      try reader.read(first: 2.clamped(to: 1...reader.shape[0])) { count += $0.count }
      require(count <= 2 * reader.shape.dropFirst().reduce(1, *), "more than was asked for")
    }
    _ = try IDXSource(
      files: IDXFiles(
        trainingImages: path, trainingLabels: labels, testImages: path, testLabels: labels)
    ).load(trainingCount: 2, seed: .init(root: 1))
  }

  private static let labels = scratch.write([0, 0, 8, 1, 0, 0, 0, 2, 3, 4], to: "labels-ubyte")

  /// As a text, and as the arrays that a pattern may be.
  static func pattern(_ bytes: [UInt8]) throws {
    for ending in [".npy", ".npz"] {
      _ = try? PatternFile(path: scratch.write(bytes, to: "pattern" + ending)).canonicalArray
    }
    _ = try PatternFile(path: scratch.write(bytes, to: "pattern.txt")).canonicalArray
  }
}

extension Int {
  fileprivate func clamped(to range: ClosedRange<Int>) -> Int {
    Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}
