public import Results

extension Study {
  /// How well each detector tells the attackers of a cell apart: the mean over the seeds of its true
  /// positive rates at ``TrialRecordV1/falsePositiveRates``.
  ///
  /// By the detector's name, that of the rule's own suspicion (`rule`) last; none where no finished
  /// trial of the cell has a curve. A detector that only some seeds have is taken over those. Each
  /// seed accuses the side, high or low scores, that its own AUROC says, as `stealth.detectability`
  /// does. Sums run in the order of the seeds.
  ///
  /// - Complexity: O(trials of the cell).
  public func roc(of cell: CellID) -> [(detector: String, rates: [Double])] {
    var sums: [String: (rates: [Double], count: Int)] = [:]
    for trial in grid[cell] where trial.status == .ok {
      for (detector, rates) in trial.roc {
        let sum = sums[detector] ?? (rates.map { _ in 0 }, 0)
        sums[detector] = (zip(sum.rates, rates).map(+), sum.count + 1)
      }
    }
    let names = sums.keys.sorted()
    let order = names.filter { $0 != Self.ownCurve } + names.filter { $0 == Self.ownCurve }
    return order.compactMap { name in
      sums[name].map { sum in (name, sum.rates.map { $0 / Double(sum.count) }) }
    }
  }

  /// The name of the curve of the rule's own suspicion.
  static let ownCurve = "rule"
}
