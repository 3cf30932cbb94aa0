public import Components

/// A stage before the rule: clipping, mixing, bucketing.
public protocol PreAggregator: Checkpointed, Sendable {
  static var manifest: ComponentManifest { get }
  /// What it needs besides the updates.
  static var needs: DefenseNeeds { get }
  static var traits: DefenseTraits { get }
  /// What it makes of the bound of a rule behind it, where a proof says so.
  static var bound: RobustnessBound? { get }
  /// Whether rows that come out stand for several clients.
  static var mixesRows: Bool { get }
  /// The memory that it takes for so many rows besides them, at least roughly.
  static func workingBytes(rowCount: Int, columnCount: Int) -> Double
  init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError)

  /// Whether a copy is a snapshot.
  var isCopyable: Bool { get }

  /// Whether it runs although a precondition that its proof needs does not hold.
  var isOutsideProof: Bool { get }

  /// Returns the number of rows that come out where `count` rows, at least one, come in.
  ///
  /// The next stage and the rule are made for so many, see ``DefenseSetup/after(_:)``.
  func rowCount(from count: Int) -> Int

  /// Changes the rows to those that the next stage or the rule sees, with the clients they stand for.
  ///
  /// Rows stay in ascending order of (the lowest of) their clients.
  mutating func transform(_ updates: inout UpdateMatrix, in round: RoundContext)
    throws(DefenseError)
}

extension PreAggregator {
  public static var needs: DefenseNeeds { [] }
  public static var traits: DefenseTraits { [] }
  public static var bound: RobustnessBound? { nil }
  public static var mixesRows: Bool { false }
  public static func workingBytes(rowCount: Int, columnCount: Int) -> Double {
    64 * Double(rowCount)
  }
  public var isCopyable: Bool { true }
  public var isOutsideProof: Bool { false }
  public func rowCount(from count: Int) -> Int { count }
}
