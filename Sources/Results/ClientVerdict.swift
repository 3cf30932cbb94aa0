/// What a defense decided about one client in one round, a line of `verdicts.csv`.
public struct ClientVerdict: Hashable, Sendable {
  public var round: Int
  /// The client's number in the federation.
  public var client: Int
  /// Whether an attack controls it.
  public var isMalicious: Bool
  /// Whether it acts as the attack says in this round.
  public var isActing: Bool
  /// A word such as `accepted`, `rejected` or `dropped`.
  public var verdict: String
  /// Its share of the aggregate.
  public var weight: Double
  /// The rule's own score; `nil` where it has none.
  public var suspicion: Double?

  public init(
    round: Int, client: Int, isMalicious: Bool, isActing: Bool, verdict: String, weight: Double,
    suspicion: Double?
  ) {
    self.round = round
    self.client = client
    self.isMalicious = isMalicious
    self.isActing = isActing
    self.verdict = verdict
    self.weight = weight
    self.suspicion = suspicion
  }

  /// The columns behind the round.
  static let columns = ["client", "malicious", "acting", "verdict", "kept", "weight", "suspicion"]

  /// The fields behind the trial's.
  var fields: [String] {
    func flag(_ value: Bool) -> String { value ? "1" : "0" }
    let score = suspicion.flatMap { value -> String? in
      if value.isNaN { return nil }
      return value.isFinite ? RoundsLayout.number(value) : value < 0 ? "-inf" : "inf"
    }
    return [
      "\(round)", "\(client)", flag(isMalicious), flag(isActing), CSV.text(verdict),
      flag(weight > 0), weight.isFinite ? RoundsLayout.number(weight) : "", score ?? "",
    ]
  }
}
