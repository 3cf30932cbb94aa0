public import Components

/// A rule that turns the updates of a round into one update.
///
/// A defense is a value: all memory of past rounds is in its stored properties, so a copy is a
/// snapshot. It never changes its input. Rows are single precision; sums, norms, scores and state are
/// double.
public protocol Aggregator: Checkpointed, Sendable {
  static var manifest: ComponentManifest { get }
  /// What it needs besides the updates.
  static var needs: DefenseNeeds { get }
  static var traits: DefenseTraits { get }
  /// What it promises; conformance tests hold it to that.
  static var laws: RuleLaws { get }
  /// The names of the numbers that it reports, for the columns of per-round results.
  static var reports: [String] { get }
  /// How far from the mean of the honest rows it can be brought, where a proof says so.
  static var bound: RobustnessBound? { get }

  /// The memory that it takes for so many rows besides them, between rounds and in one, at least
  /// roughly; so that a plan can refuse what does not fit.
  static func workingBytes(rowCount: Int, columnCount: Int) -> Double

  /// - Throws: ``ConfigurationError`` with `.infeasible` where `setup.participantCount` rows are
  ///   too few for the declared number of Byzantine clients.
  init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError)

  /// Whether a copy is a snapshot; a rule in another process says no, and is never rehearsed.
  var isCopyable: Bool { get }

  /// Whether it runs although a precondition that its proof needs does not hold.
  var isOutsideProof: Bool { get }

  /// Returns the aggregate of at least one row of finite values.
  ///
  /// Rows ascend by client, so "ties to the lowest row" is a rule's tie-break. The matrix may have
  /// fewer rows than the setup announced, because non-finite rows are removed before; a rule then
  /// works with what is left.
  mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation
}

extension Aggregator {
  public static var needs: DefenseNeeds { [] }
  public static var traits: DefenseTraits { [] }
  public static var laws: RuleLaws { [] }
  public static var reports: [String] { [] }
  public static var bound: RobustnessBound? { nil }
  /// A few vectors.
  public static func workingBytes(rowCount: Int, columnCount: Int) -> Double {
    32 * Double(columnCount) + 64 * Double(rowCount)
  }
  public var isCopyable: Bool { true }
  public var isOutsideProof: Bool { false }
}

/// What a rule promises for its first round; each is a property test over the whole catalog.
public struct RuleLaws: OptionSet, Sendable {
  public let rawValue: Int
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Adding a vector to every row adds it to the result.
  public static let translation = RuleLaws(rawValue: 1 << 0)
  /// Multiplying every row by a positive number multiplies the result.
  public static let scale = RuleLaws(rawValue: 1 << 1)
  /// Equal rows give that row.
  public static let equalRows = RuleLaws(rawValue: 1 << 2)
  /// One row gives that row.
  public static let singleRow = RuleLaws(rawValue: 1 << 3)
  /// The order of the rows changes nothing beyond rounding, where no rows tie.
  public static let order = RuleLaws(rawValue: 1 << 4)
  /// Each coordinate of the result lies between the least and the largest of the rows.
  public static let range = RuleLaws(rawValue: 1 << 5)
  /// A value that is not finite makes the result's of its column not finite, where every row has a
  /// weight above 0; rows may then come unchecked, as long as the result is looked at.
  public static let spreadsNonFinite = RuleLaws(rawValue: 1 << 6)
}
