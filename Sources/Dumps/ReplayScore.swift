public import Simulation

/// What a replay found in the rounds of one run.
public struct ReplayedDump: Sendable {
  /// Where the rounds lie.
  public let path: String
  /// Attack and defense of the run that wrote them; `nil` where nobody says.
  public let cell: String?
  public let trial: String?
  public let seed: UInt64?
  /// The rounds, as `meta.json` numbers them, else from 0.
  public let rounds: [Int]
  /// The largest number of rows of a round.
  public let rowCount: Int
  public let columnCount: Int
  /// The largest number of malicious rows of a round; `nil` where no round says.
  public let maliciousCount: Int?
  /// How the malicious rows differ from the others, whatever the defense: `stealth.*`, by id.
  public let stealth: [String: MetricOutcome]
  public let scores: [ReplayScore]
  /// What to know about these numbers.
  public let notes: [String]
}

/// What a defense made of the rounds of one run.
public struct ReplayScore: Sendable {
  /// How it ended.
  public enum Ending: Sendable, Equatable {
    case scored
    /// It does not apply to these rounds, and why.
    case notApplicable(String)
    /// It could not answer.
    case failed(String)
  }

  /// One round.
  public struct Round: Sendable {
    public let round: Int
    /// The series of `rounds.csv`, those that apply.
    public let figures: [String: Double]
    /// SHA-256 of the values of the aggregate; `nil` where no row was left.
    public let aggregateSHA256: String?
    /// Whether it is what the run recorded; `nil` where nothing was recorded.
    public let isAsRecorded: Bool?
  }

  public let defense: String
  public let ending: Ending
  /// Detection, influence and threat by id, and the figures of ``PlainFigures``.
  public let metrics: [String: MetricOutcome]
  public let rounds: [Round]
}
