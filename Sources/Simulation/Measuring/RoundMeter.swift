public import Federation

/// Measures rounds while a trial runs.
///
/// One value per trial. What it returns per round goes into the trial's trace and, rounded to single
/// precision, to `rounds.csv`, which has one line per round and one column per series; what
/// ``finish()`` returns goes into the trace's summary.
public protocol RoundMeter: Checkpointed, Sendable {
  /// The ids of the per-round series: the columns of `rounds.csv`, in this order, but for those that
  /// begin with `cost.`.
  static var series: [String] { get }

  init(_ setup: MeterSetup)

  /// Returns the figures of one round by series, of ``series`` alone; those that do not apply in this
  /// round are left out. Every value is finite.
  mutating func observe(_ observation: RoundObservation) -> [String: Double]

  /// Returns figures that pool rows over the whole window; those that do not apply are left out.
  mutating func finish() -> [String: Double]

  /// Returns the receiver operating characteristics of detectors over the rounds that were observed:
  /// by the detector's name the true positive rates at the false positive rates 0, 0.05, …, 1.
  ///
  /// They go into the trial's line of `trials.jsonl`, see ``TrialTrace/operatingCurves``.
  func operatingCurves() -> [String: [Double]]
}

extension RoundMeter {
  public mutating func finish() -> [String: Double] { [:] }

  public func operatingCurves() -> [String: [Double]] { [:] }
}

/// Fixed facts of a trial that a meter may use.
public struct MeterSetup: Sendable {
  public let rounds: Int
  public let classCount: Int
  /// The number of parameters, d.
  public let parameterCount: Int
  /// The backdoor that `asr.*` reports on; evaluations may hold those of other trials as well.
  public let backdoor: Backdoor?
  /// The smallest number of Byzantine clients that a part of the defense was told; `nil` where none
  /// was told any.
  public let declaredByzantine: Int?
  /// Whether the defense follows clients over rounds, so that it may accuse one for what it did.
  public let followsClients: Bool
  /// How far the labels of each client are from those of all clients together, by client number.
  ///
  /// The total variation distance; empty where it is not known.
  public let labelSkew: [Double]

  public init(
    rounds: Int, classCount: Int, parameterCount: Int, backdoor: Backdoor? = nil,
    declaredByzantine: Int? = nil, followsClients: Bool = false,
    labelSkew: [Double] = []
  ) {
    self.rounds = rounds
    self.classCount = classCount
    self.parameterCount = parameterCount
    self.backdoor = backdoor
    self.declaredByzantine = declaredByzantine
    self.followsClients = followsClients
    self.labelSkew = labelSkew
  }
}
