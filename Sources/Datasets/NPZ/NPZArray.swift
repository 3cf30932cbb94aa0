/// An array of an archive: values of single precision and their shape.
public struct NPZArray: Sendable, Equatable {
  /// How many dimensions an array may have.
  static let dimensionLimit = 8

  /// The extents, slowest first; none for a single value, and any of them may be 0.
  public let shape: [Int]
  /// The values in row-major order, as many as the product of the extents.
  public let values: [Float]

  /// - Precondition: at most 8 extents, none negative, and as many values as their product.
  public init(shape: [Int], values: [Float]) {
    precondition(
      shape.count <= Self.dimensionLimit && shape.allSatisfy { $0 >= 0 },
      "an array cannot have the shape \(shape)")
    let count = shape.contains(0) ? 0 : shape.reduce(1, *)
    precondition(count == values.count, "\(values.count) values for the shape \(shape)")
    self.shape = shape
    self.values = values
  }
}
