/// One decoded array of a data set, in a form that does not depend on how it was stored.
///
/// A digest over these arrays names the data: a gzip file, the raw file and another program's copy
/// of it give the same value.
public struct CanonicalArray: Sendable, Equatable {
  /// The type of the elements, in the notation of NumPy.
  public enum ElementType: String, Sendable {
    case uint8 = "u1"
    case uint32 = "<u4"
    case float32 = "<f4"
  }

  /// What the array is, such as `train-images`; unique within a data set.
  public let name: String
  public let elementType: ElementType
  /// The extents, slowest first.
  public let shape: [Int]
  /// The elements in row-major order, little-endian.
  public let bytes: [UInt8]

  public init(name: String, elementType: ElementType, shape: [Int], bytes: [UInt8]) {
    self.name = name
    self.elementType = elementType
    self.shape = shape
    self.bytes = bytes
  }
}
