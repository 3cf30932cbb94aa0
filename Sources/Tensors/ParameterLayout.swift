/// Where each named tensor of a model lives inside its flat parameter array.
public struct ParameterLayout: Sendable, Hashable {
  /// What a tensor does in the model.
  public enum Role: String, Sendable, Hashable {
    case weight
    case bias
    case outputWeight
    case outputBias
  }

  /// One tensor: a name, a role, a shape and its positions.
  public struct Segment: Sendable, Hashable {
    public let name: String
    public let role: Role
    /// Sizes, outermost first; a dense layer's weight is `[inputs, outputs]`.
    public let shape: [Int]
    public let range: Range<Int>

    public init(name: String, role: Role, shape: [Int], range: Range<Int>) {
      self.name = name
      self.role = role
      self.shape = shape
      self.range = range
    }
  }

  public let segments: [Segment]

  /// Creates a layout from adjacent segments in ascending order.
  public init(_ segments: [Segment]) {
    self.segments = segments
  }

  /// The number of parameters, d.
  public var count: Int { segments.last?.range.upperBound ?? 0 }
}
