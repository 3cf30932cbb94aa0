public import Federation

/// What a metric says about itself: shown by `list metrics` and `explain`.
public struct MetricManifest: Sendable {
  /// Which values are better for the defender.
  public enum Direction: String, Sendable {
    case higher
    case lower
    /// It describes; neither is better.
    case none
  }

  /// The id; `accuracy.class.<c>` stands for one id per class.
  public let id: String
  public let definition: String
  /// Such as fraction, rounds, seconds, bytes or ratio.
  public let unit: String
  /// The legal values in plain text, such as `0...1`.
  public let range: String
  public let better: Direction
  /// The absolute tolerance of a gate, where the metric is gated by default.
  public let gateTolerance: Double?
  /// The paper or project that introduced it; empty where it is common.
  public let citation: String

  public init(
    id: String, definition: String, unit: String, range: String, better: Direction,
    gateTolerance: Double? = nil, citation: String = ""
  ) {
    self.id = id
    self.definition = definition
    self.unit = unit
    self.range = range
    self.better = better
    self.gateTolerance = gateTolerance
    self.citation = citation
  }
}

/// The value of a metric for one trial.
public enum MetricOutcome: Sendable, Equatable {
  case value(Double)
  /// A lower bound: what would end the count had not happened when the trial ended.
  case censored(Double)
  /// It does not apply, and why.
  case absent(String)
}

/// A family of numbers computed from what a trial left behind.
public protocol Metric: Sendable {
  static var manifests: [MetricManifest] { get }

  /// Returns an outcome for every id of ``manifests``, with `<c>` expanded for every class.
  ///
  /// Values are finite.
  static func evaluate(_ evidence: TrialEvidence) -> [String: MetricOutcome]
}

/// A warning that a number does not mean what it seems to, which a trial raises by itself and keeps
/// in its line.
///
/// What depends on other trials than its twins, such as the other seeds of its cell, is no such
/// flag: lines are written when others are still to come.
public protocol ReliabilityFlag: Sendable {
  static var id: String { get }
  static var definition: String { get }

  /// Whether the flag is raised.
  static func isRaised(by evidence: TrialEvidence, facts: FlagFacts) -> Bool
}

/// Facts of the plan that flags look at.
public struct FlagFacts: Sendable {
  /// The defense was told the exact number of attackers.
  public var knowsExactCount: Bool
  public var usesServerData: Bool
  public var isStateful: Bool
  /// A precondition of the defense was relaxed and does not hold.
  public var isOutsideProof: Bool
  /// Calling the defense twice on the first round's rows gave different bits.
  public var isNondeterministic: Bool
  /// Permuting the first round's rows changed the aggregate beyond rounding.
  public var isOrderDependent: Bool

  public init(
    knowsExactCount: Bool, usesServerData: Bool, isStateful: Bool, isOutsideProof: Bool,
    isNondeterministic: Bool, isOrderDependent: Bool
  ) {
    self.knowsExactCount = knowsExactCount
    self.usesServerData = usesServerData
    self.isStateful = isStateful
    self.isOutsideProof = isOutsideProof
    self.isNondeterministic = isNondeterministic
    self.isOrderDependent = isOrderDependent
  }
}

/// The meters, metrics and flags of a run.
public struct MetricCatalog: Sendable {
  public var meters: [any RoundMeter.Type]
  public var metrics: [any Metric.Type]
  public var flags: [any ReliabilityFlag.Type]

  public init(
    meters: [any RoundMeter.Type], metrics: [any Metric.Type], flags: [any ReliabilityFlag.Type]
  ) {
    self.meters = meters
    self.metrics = metrics
    self.flags = flags
  }
}

extension MetricCatalog {
  /// The series that `rounds.csv` has a column for, in the order of the meters.
  public var recordedSeries: [String] {
    meters.flatMap { $0.series }.filter(Self.isRecorded(series:))
  }

  /// Those, and what rules of a catalog report about themselves: all series of `rounds.csv`.
  public func recordedSeries(with catalog: Catalog) -> [String] {
    let reports = Set(catalog.aggregators.flatMap(\.reports)).sorted()
    return recordedSeries + reports.map { RuleSeries.id($0) }
  }

  /// Times and traffic are left out: equal runs give equal files.
  static func isRecorded(series: String) -> Bool { !series.hasPrefix("cost.") }
}
