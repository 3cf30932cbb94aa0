public import Kernels
public import Tensors

/// The updates of one round, one row per submission.
///
/// An update is `local parameters − global parameters`; the server adds. Rows come in a fresh
/// permutation each round, so a row's position says nothing about its client.
public struct UpdateMatrix<Element: Scalar>: Sendable {
  /// n × d; all values are finite.
  public var values: Matrix<Element>
  /// Which clients each row stands for.
  public var provenance: [Provenance]
  /// The share of each row in a weighted average; they sum to 1.
  ///
  /// Uniform unless the scenario weighs by sample count.
  public var weights: [Double]

  /// - Precondition: `provenance` and `weights` have one entry per row.
  public init(values: Matrix<Element>, provenance: [Provenance], weights: [Double]) {
    precondition(
      provenance.count == values.rowCount && weights.count == values.rowCount,
      "\(values.rowCount) rows, \(provenance.count) provenances, \(weights.count) weights")
    self.values = values
    self.provenance = provenance
    self.weights = weights
  }

  /// Creates a matrix whose row `i` is the submission of client `i`, with uniform weights.
  public init(_ values: Matrix<Element>) {
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

/// Which clients a row stands for, and in what proportion.
///
/// A client's own submission has one share of 1. A row made by bucketing or mixing has several
/// that sum to 1, so a verdict on a mixed row can still be traced to clients.
public struct Provenance: Sendable, Equatable {
  public struct Share: Sendable, Equatable {
    public let client: ClientID
    public let fraction: Double

    public init(client: ClientID, fraction: Double) {
      self.client = client
      self.fraction = fraction
    }
  }

  public let shares: [Share]

  public init(_ shares: [Share]) { self.shares = shares }
  public init(_ client: ClientID) { self.init([Share(client: client, fraction: 1)]) }
}
