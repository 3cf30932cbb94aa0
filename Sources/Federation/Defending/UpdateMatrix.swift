public import Kernels
public import Tensors

/// The updates of one round, one row per submission.
///
/// An update is `local parameters − global parameters`; the server adds. Rows ascend by the opaque
/// ids of their clients, the same in every round, which say nothing about who attacks.
public struct UpdateMatrix: Sendable {
  /// n × d; all values are finite.
  public var values: Matrix<Float>
  /// Which clients each row stands for.
  public var provenance: [Provenance]
  /// The share of each row in a weighted average; they sum to 1.
  ///
  /// Uniform unless the scenario weighs by sample count.
  public var weights: [Double]

  /// - Precondition: `provenance` and `weights` have one entry per row.
  public init(values: Matrix<Float>, provenance: [Provenance], weights: [Double]) {
    precondition(
      provenance.count == values.rowCount && weights.count == values.rowCount,
      "\(values.rowCount) rows, \(provenance.count) provenances, \(weights.count) weights")
    self.values = values
    self.provenance = provenance
    self.weights = weights
  }

  /// Creates a matrix whose row `i` is the submission of client `i`, with uniform weights.
  public init(_ values: Matrix<Float>) {
    let n = values.rowCount
    self.init(
      values: values, provenance: (0..<n).map { Provenance(ClientID($0)) },
      weights: .init(repeating: 1 / Double(n), count: n))
  }

  /// The number of submissions, n.
  public var rowCount: Int { values.rowCount }
  /// The number of parameters, d.
  public var columnCount: Int { values.columnCount }
}
