/// What the meters of a trial measured in one round, a line of `rounds.csv`.
public struct RoundRecordV1: Hashable, Sendable {
  /// Counts from 0.
  public var round: Int
  /// The values by series; a series that does not apply in the round is left out.
  public var values: [String: Double]

  public init(round: Int, values: [String: Double]) {
    self.round = round
    self.values = values
  }
}
