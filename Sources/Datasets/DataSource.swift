public import Determinism
public import Tensors

/// What a data set gives to one run: examples to deal to clients and examples to test on.
public struct SplitData: Sendable {
  public var training: Shard
  public var test: Shard
  /// The user that each training example belongs to, numbered from 0; `nil`: they belong to nobody.
  public var trainingUsers: [Int]?

  /// - Precondition: one user per training example, if there are users.
  public init(training: Shard, test: Shard, trainingUsers: [Int]? = nil) {
    precondition(
      trainingUsers.map { $0.count == training.count } ?? true,
      "\(trainingUsers?.count ?? 0) users against \(training.count) examples")
    self.training = training
    self.test = test
    self.trainingUsers = trainingUsers
  }
}

/// A source of examples.
///
/// Its facts are known before anything is loaded or drawn, so that a plan can be checked early.
public protocol DataSource: Sendable {
  var shape: InputShape { get }
  var classCount: Int { get }
  /// How many examples the partition deals out, or `nil` where the partition decides, because the
  /// source can draw as many as it is asked for.
  var trainingCount: Int? { get }
  /// How many users the training examples belong to; `nil`: they belong to nobody.
  var userCount: Int? { get }
  /// What is done to the inputs; `nil`: they are in the unit of the data.
  var normalization: Normalization? { get }

  /// The characters that inputs are the numbers of, in their order; `nil`: inputs are no text.
  var alphabet: [UInt8]? { get }

  /// Whether every seed gets the same examples, training and test.
  var isFixed: Bool { get }

  /// The bytes that so many training examples and the test examples take; at least roughly right
  /// where a scenario can ask for any number.
  func byteCount(trainingCount: Int) -> Double

  /// Returns the data of one run.
  ///
  /// `trainingCount` says how many training examples to draw, for sources that can draw any number.
  /// `seed` is the path of the run's data; sources whose test set is given ignore it.
  func load(trainingCount: Int, seed: SeedPath) throws(DatasetError) -> SplitData

  /// Returns the arrays that a digest of the data covers, or `nil` for synthetic sources, which
  /// their parameters identify.
  func canonicalArrays() throws(DatasetError) -> [CanonicalArray]?
}

extension DataSource {
  public var normalization: Normalization? { nil }
  public var userCount: Int? { nil }
  public var alphabet: [UInt8]? { nil }
  public var isFixed: Bool { false }
  public func byteCount(trainingCount: Int) -> Double {
    4 * Double(trainingCount) * Double(shape.count)
  }
  public func canonicalArrays() throws(DatasetError) -> [CanonicalArray]? { nil }
}
