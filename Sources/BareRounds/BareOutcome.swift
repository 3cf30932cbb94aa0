public import Federation
public import Kernels
public import Tensors

/// What a defense made of a bare round; rows are those of the matrix that it was given.
public struct BareOutcome: Sendable {
  /// What became of one client.
  public struct ClientVerdict: Sendable, Equatable {
    public let row: Int
    public let verdict: Verdict
  }

  /// The update as a single row where there is a rule, otherwise the rows that the stages made.
  public let values: Matrix<Float>
  /// Ascending by row; empty without a rule.
  public let verdicts: [ClientVerdict]
  /// What the rule reports about itself.
  ///
  /// Row numbers behind stages are of the rows that the rule saw.
  public let report: [String: ReportValue]
  /// Rows with a value that is not finite, which took no part; ascending.
  public let leftOut: [Int]
}
