public import Determinism
public import Kernels
public import Tensors

/// The honest rows of the round's matrix.
public struct HonestUpdates: Sendable {
  /// All rows of the round; those of controlled clients hold what they trained, not what they send.
  public let all: Matrix<Float>
  /// The honest rows of ``all``, ascending.
  public let rows: [Int]
  /// The client of each of ``rows``.
  public let clients: [ClientID]

  /// - Precondition: As many clients as rows.
  public init(all: Matrix<Float>, rows: [Int], clients: [ClientID]) {
    precondition(rows.count == clients.count, "\(rows.count) rows of \(clients.count) clients")
    self.all = all
    self.rows = rows
    self.clients = clients
  }

  /// Creates the updates of a bare matrix, all of whose rows are honest: client `i` sent row `i`.
  public init(_ all: Matrix<Float>) {
    self.init(
      all: all, rows: Array(0..<all.rowCount), clients: (0..<all.rowCount).map { ClientID($0) })
  }

  /// The plain mean of the honest rows, d values; `nil` where there is none.
  public func mean(pool: WorkPool) -> [Float]? {
    rows.isEmpty ? nil : all.mean(ofRows: rows, pool: pool)
  }
}
