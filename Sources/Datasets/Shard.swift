public import Kernels
public import Tensors

/// Labelled examples held by one party.
public struct Shard: Sendable, Equatable {
  /// One example per row, `count` × `shape.count`.
  public var inputs: ExampleMatrix
  /// The class of each row, in `0 ..< classCount`.
  public var labels: [Int]
  public let classCount: Int
  public let shape: InputShape

  /// - Precondition: one label per row, and rows as long as the shape says.
  public init(inputs: ExampleMatrix, labels: [Int], classCount: Int, shape: InputShape) {
    precondition(
      inputs.rowCount == labels.count, "\(inputs.rowCount) inputs against \(labels.count) labels")
    precondition(
      inputs.columnCount == shape.count, "\(inputs.columnCount) columns against shape \(shape)")
    self.inputs = inputs
    self.labels = labels
    self.classCount = classCount
    self.shape = shape
  }

  /// - Precondition: one label per row, and rows as long as the shape says.
  public init(inputs: Matrix<Float>, labels: [Int], classCount: Int, shape: InputShape) {
    self.init(
      inputs: ExampleMatrix(inputs), labels: labels, classCount: classCount, shape: shape)
  }

  public var count: Int { labels.count }

  /// Returns the examples at `rows`, in that order.
  public func selecting(_ rows: [Int]) -> Shard {
    Shard(
      inputs: inputs.selecting(rows), labels: rows.map { labels[$0] }, classCount: classCount,
      shape: shape)
  }
}
