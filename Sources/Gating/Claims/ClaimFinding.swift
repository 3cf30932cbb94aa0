/// What the results say about one bound of a claim.
public struct ClaimFinding: Hashable, Sendable {
  public enum Verdict: String, Hashable, Sendable, CaseIterable {
    /// The whole interval is on the right side of the bound.
    case holds
    /// The mean itself is on the wrong side of the bound.
    case broken
    /// The mean is on the right side and the end of its interval is not, or there are too few seeds
    /// for one.
    case inconclusive
    /// No cell matches, or one has no number.
    case missing
    /// The metric is about the success of an attack, and the model that it is measured on is dead:
    /// whatever the number is, the claim does not hold.
    case void
  }

  public enum Relation: String, Hashable, Sendable {
    case atMost = "<="
    case atLeast = ">="
  }

  /// The claim's id in its file.
  public var claim: String
  /// The cells that it is about: one cell's name, or such as `worst of 12 cells (alie/median)`.
  public var subject: String
  public var metric: String
  public var relation: Relation
  public var bound: Double
  public var verdict: Verdict
  /// The mean over the seeds.
  public var value: Double?
  /// The end of the one-sided interval that the bound is held against.
  public var limit: Double?
  public var confidence: Double
  public var seeds: [Int]
  /// Where the claim was made.
  public var source: String?
  /// Whether the claim is recorded as one that does not hold here; then `broken` is no failure.
  public var isKnownToFail: Bool
  /// Why there is nothing to judge, or what qualifies the verdict.
  public var reason: String?
  /// The line of the claim in its file, counted from 1.
  public var line: Int?

  public init(
    claim: String, subject: String, metric: String, relation: Relation, bound: Double,
    verdict: Verdict, value: Double? = nil, limit: Double? = nil, confidence: Double,
    seeds: [Int] = [], source: String? = nil, isKnownToFail: Bool = false, reason: String? = nil,
    line: Int? = nil
  ) {
    self.claim = claim
    self.subject = subject
    self.metric = metric
    self.relation = relation
    self.bound = bound
    self.verdict = verdict
    self.value = value
    self.limit = limit
    self.confidence = confidence
    self.seeds = seeds
    self.source = source
    self.isKnownToFail = isKnownToFail
    self.reason = reason
    self.line = line
  }
}
