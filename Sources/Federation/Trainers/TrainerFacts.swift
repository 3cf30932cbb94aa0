public import Tensors

/// What a trainer says of itself.
public struct TrainerFacts: Sendable, Equatable {
  /// What the program calls itself.
  public var name: String
  public var version: String
  /// SHA-256 of its files, name and version.
  public var identity: String
  /// Where each tensor lies in a row; one tensor where it names none.
  public var layout: ParameterLayout
  public var classCount: Int
  /// The training examples of each client, by client number.
  public var exampleCounts: [Int]
  public var testCount: Int
  /// How the features of an input are arranged; `nil` where it does not say it: then no trigger can be
  /// made.
  public var shape: InputShape?
  /// The poisons that it offers, such as `label-flip`.
  public var poisons: Set<String>
  /// What it trains on, such as `cpu`.
  public var device: String?
  /// Whether the process can begin another trial afterwards.
  public var isReusable: Bool

  public init(
    name: String, version: String, identity: String, layout: ParameterLayout, classCount: Int,
    exampleCounts: [Int], testCount: Int, shape: InputShape? = nil, poisons: Set<String> = [],
    device: String? = nil, isReusable: Bool = false
  ) {
    self.name = name
    self.version = version
    self.identity = identity
    self.layout = layout
    self.classCount = classCount
    self.exampleCounts = exampleCounts
    self.testCount = testCount
    self.shape = shape
    self.poisons = poisons
    self.device = device
    self.isReusable = isReusable
  }
}
