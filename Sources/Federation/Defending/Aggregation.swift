/// What a rule made of the updates of a round.
public struct Aggregation: Sendable {
  /// The change to apply to the global model, d values.
  public var update: [Float]
  /// One verdict per input row, in row order.
  public var verdicts: [Verdict]
  /// What the rule reports about itself: iterations, resolved bounds, selected rows.
  public var report: [String: ReportValue]

  public init(update: [Float], verdicts: [Verdict], report: [String: ReportValue] = [:]) {
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
