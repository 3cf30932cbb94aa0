import Federation

/// What a worker thinks of the rows.
enum WorkerVerdicts {
  /// Reads `kept`, `weights` and `suspicion`, each of which may be missing.
  ///
  /// Weights sum to 1 at most. Where they are missing, the rows that are kept share the weight.
  static func read(
    _ answer: WorkerAnswer, _ shares: [Double]
  ) throws(WorkerAnswer.Problem) -> [Verdict] {
    let n = shares.count
    let kept = try answer.bools("kept", count: n)
    let suspicion = try answer.numbers("suspicion", count: n)
    let weights = try self.weights(answer, n)
    let keptCount = kept?.count { $0 } ?? n
    return (0..<n).map { row in
      let isKept = kept?[row] ?? true
      let weight = isKept ? weights?[row] ?? 1 / Double(max(keptCount, 1)) : 0
      let disposition: Verdict.Disposition
      if kept == nil && weights == nil {
        disposition = .notJudged
      } else if !isKept || weight == 0 {
        disposition = .rejected
      } else {
        // A weight that was computed in another order of operations is still an equal share.
        disposition =
          weights == nil || weight >= shares[row] * 0.999_999
          ? .accepted : .downweighted
      }
      return Verdict(disposition, weight: weight, suspicion: suspicion?[row])
    }
  }

  private static func weights(
    _ answer: WorkerAnswer, _ n: Int
  ) throws(WorkerAnswer.Problem) -> [Double]? {
    guard let given = try answer.numbers("weights", count: n) else { return nil }
    let weights = given.map { $0 ?? 0 }
    let total = weights.reduce(0, +)
    guard weights.allSatisfy({ $0 >= 0 }), total <= 1.000_1 else {
      throw .init("has 'weights' that are below 0 or sum to more than 1")
    }
    return total > 1 ? weights.map { $0 / total } : weights
  }
}
