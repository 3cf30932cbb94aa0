import Components
import Datasets
import Determinism
import Tensors

/// A data set that is opened by its entry, as a scenario opens it.
enum OpenedSource {
  /// What a data set may take, which the limit of one input holds twice.
  private static let setup = DatasetSetup(memoryByteCount: Double(1 << 24)) { $0 }

  /// Opens a data set, loads it, and makes sure that it is what it says it is.
  static func check(_ entry: DatasetEntry, _ given: [String: ArgumentValue]) throws {
    let source = try entry.open(Arguments(given, for: entry.manifest), setup)
    let data = try source.load(trainingCount: source.trainingCount ?? 1, seed: SeedPath(root: 1))
    require(data.training.count == source.trainingCount, "another number of examples than it says")
    check(data.training, source)
    check(data.test, source)
    if let users = data.trainingUsers, let count = source.userCount {
      require(Set(users).count <= count, "more users than it says")
    }
    for array in try source.canonicalArrays() ?? [] {
      let width = array.elementType == .uint8 ? 1 : 4
      require(
        array.bytes.count % (width * max(1, array.shape[0])) == 0, "half an example in a digest")
    }
  }

  private static func check(_ shard: Shard, _ source: any DataSource) {
    require(shard.shape == source.shape, "examples of another shape")
    require(shard.count > 0, "no examples")
    require(
      shard.inputs.values.count == shard.count * source.shape.count, "another number of values")
    require(shard.inputs.values.allSatisfy(\.isFinite), "a value that is not finite")
    require(
      shard.labels.allSatisfy { (0..<source.classCount).contains($0) }, "a label that is no class")
  }
}
