public import Kernels

/// What a rule made of the updates of a round.
public struct Aggregation<Element: Scalar>: Sendable {
  /// The change to apply to the global model, d values.
  public var update: [Element]
  /// One verdict per input row, in row order.
  public var verdicts: [Verdict]
  /// What the rule reports about itself: iterations, resolved bounds, selected rows.
  public var report: [String: ReportValue]

  public init(update: [Element], verdicts: [Verdict], report: [String: ReportValue] = [:]) {
    self.update = update
    self.verdicts = verdicts
    self.report = report
  }
}

/// Something that a component reports about one of its calls.
public enum ReportValue: Sendable, Equatable {
  case number(Double)
  case text(String)
  /// Row numbers of the matrix that the rule was given, ascending.
  case rows([Int])
}

/// A rule that turns the updates of a round into one update.
///
/// A defense is a value: all memory of past rounds is in its stored properties, so a copy is a
/// snapshot. It never changes its input.
public protocol Aggregator: Sendable {
  static var manifest: ComponentManifest { get }
  /// What it needs from the server besides the updates.
  static var needs: DefenseNeeds { get }
  /// Whether a rejection says that a client is malicious. Rules that merely select (Krum) or that
  /// judge nobody (median) say no, and detection rates of declared clients do not apply to them.
  static var declaresMalicious: Bool { get }
  /// Whether its result depends on earlier rounds.
  static var isStateful: Bool { get }

  /// - Throws: ``ConfigurationError`` with `.infeasible` where `setup.participantCount` rows are
  ///   too few for the declared number of Byzantine clients.
  init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError)

  /// Returns the aggregate of at least one row of finite values.
  ///
  /// The matrix may have fewer rows than the setup announced, because non-finite rows are removed
  /// before; a rule then works with what is left.
  mutating func aggregate<Element: Scalar>(
    _ updates: UpdateMatrix<Element>, in round: RoundContext
  ) throws(DefenseError) -> Aggregation<Element>
}

extension Aggregator {
  public static var needs: DefenseNeeds { [] }
  public static var declaresMalicious: Bool { false }
  public static var isStateful: Bool { false }
}
