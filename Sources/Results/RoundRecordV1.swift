/// One value of one metric in one round, a row of `rounds.csv`.
public struct RoundRecordV1: Hashable, Sendable {
  /// The key of the trial.
  public var key: String
  /// The cell of the trial, `attack/defense` and its axes.
  public var cell: String
  public var seed: Int
  /// Counts from 0.
  public var round: Int
  public var metric: String
  /// The value; `nil`, an empty field in the file, where there is none.
  public var value: Double?

  /// Creates a row; a value that is not finite, as after a divergence, becomes `nil`.
  public init(key: String, cell: String, seed: Int, round: Int, metric: String, value: Double?) {
    self.key = key
    self.cell = cell
    self.seed = seed
    self.round = round
    self.metric = metric
    self.value = value.flatMap { $0.isFinite ? $0 : nil }
  }

  static let header = ["key", "cell", "seed", "round", "metric", "value"]

  var fields: [String] {
    [
      CSV.text(key), CSV.text(cell), String(seed), String(round), CSV.text(metric),
      value.map(CanonicalJSON.number) ?? "",
    ]
  }
}
