public import Tensors

/// What `meta.json` says of the rows of a round.
///
/// All of it is optional: whoever brings updates of a run of their own writes what they know, such as
/// `{"malicious": [0, 1, 2], "round": 5}`.
public struct DumpMeta: Sendable, Hashable {
  /// The name of the format.
  public static let schema = "gauntlet/dump/1"
  /// The name of the file beside the arrays.
  public static let fileName = "meta.json"

  /// Counts from 0.
  public var round: Int?
  /// The number of rounds of the run.
  public var rounds: Int?
  /// Under which ids the defense knows the clients of the rows.
  public var ids: [String]?
  /// Their numbers in the federation, which a defense never sees.
  public var clients: [Int]?
  /// The number of clients of the federation.
  public var clientCount: Int?
  /// How many of them are chosen for a round; rows are fewer where some do not answer, or are late.
  public var participantCount: Int?
  /// How many training examples each has.
  public var samples: [Int]?
  /// How much each row counts in an average; any scale.
  public var weights: [Double]?
  /// The rows of clients that an attack controls, ascending; `nil` where nobody knows.
  public var malicious: [Int]?
  /// Those of them that act as the attack says; `nil`: all.
  public var acting: [Int]?
  /// Whether the round lies in the attack window; rounds outside count for no score.
  public var isInWindow = true
  /// The number of attackers that the defense is told to expect.
  public var declaredByzantine: Int?
  /// Where each tensor lies in a row; `nil` where that is not known.
  public var layout: ParameterLayout?
  /// Tells trials apart.
  public var trial: String?
  /// Attack, defense and axes.
  public var cell: String?
  /// The seed of the trial: the stream of a defense in a round is that of
  /// `SeedPath(root: seed).child("defense").child(round)`.
  public var seed: UInt64?
  public var engine: Int?
  /// SHA-256 of the values of the aggregate that the run made of the rows.
  public var aggregateSHA256: String?

  public init() {}

  /// The words for roles of tensors.
  static let roles: [(name: String, role: ParameterLayout.Role)] = [
    ("weight", .weight), ("bias", .bias), ("output-weight", .outputWeight),
    ("output-bias", .outputBias),
  ]
}
