public import Kernels
public import Tensors

/// A matrix or vector that goes to a worker or comes from it, by the name that the protocol gives it.
public struct WorkerArray: Sendable {
  public let name: String
  /// One row for a vector.
  public var matrix: Matrix<Float>
  public let isVector: Bool

  public init(_ name: String, _ matrix: Matrix<Float>) {
    self.name = name
    self.matrix = matrix
    isVector = false
  }

  public init(_ name: String, _ vector: [Float]) {
    self.name = name
    matrix = Matrix(rowCount: 1, columnCount: vector.count, values: vector)
    isVector = true
  }

  /// The sizes, as the protocol writes them.
  public var shape: [Int] {
    isVector ? [matrix.columnCount] : [matrix.rowCount, matrix.columnCount]
  }

  /// The values of a vector.
  public var values: [Float] { matrix.values }
}
