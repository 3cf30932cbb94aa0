/// What a defense decided about one row or client.
public struct Verdict: Sendable, Equatable {
  public enum Disposition: String, Sendable, Codable {
    /// It takes part in full.
    case accepted
    /// It takes part with less than it sent (clipped, or with less weight than an equal share).
    case downweighted
    /// It takes no part.
    case rejected
    /// The rule forms no opinion on rows.
    case notJudged = "not-judged"
  }

  public let disposition: Disposition
  /// The share of the aggregate that comes from it, in 0...1; all rows' weights sum to at most 1.
  public let weight: Double
  /// The defense's own score, `nil` where it has none.
  ///
  /// Higher is more suspicious; the unit is the rule's.
  public let suspicion: Double?

  public init(_ disposition: Disposition, weight: Double, suspicion: Double? = nil) {
    self.disposition = disposition
    self.weight = weight
    self.suspicion = suspicion
  }
}
