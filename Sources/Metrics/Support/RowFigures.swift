import Tensors

/// What stealth measures and reference detectors share of one round; each is computed once.
struct RowFigures {
  let kinds: RoundKinds
  let geometry: RowGeometry
  /// By the number of malicious rows in the round; `nil` for fewer than two rows.
  let krumScores: [Double]?
  /// (positive - negative coordinates) / d of every row.
  let balances: [Double]

  init(_ rows: borrowing Matrix<Float>, _ kinds: RoundKinds) {
    self.kinds = kinds
    geometry = RowGeometry(rows)
    krumScores = geometry.krumScores(byzantineCount: kinds.malicious.count)
    balances = SignBalance.balances(rows)
  }
}
