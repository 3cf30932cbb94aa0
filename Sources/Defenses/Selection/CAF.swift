public import Components
public import Federation
import Statistics
import Tensors

/// A weighted average, its weights reduced along the directions of largest spread.
///
/// Of all averages on the way the one with the least spread is the result, the earliest of several.
/// The filter ends when 2f rows' worth of weight is gone, or where the rows that still have weight are
/// equal. The spread is known through the Gram matrix, exactly, so equal inputs give equal results.
///
/// As the authors write it an attacker can hang it: the row with the largest projection of all may
/// have no weight left, and then nothing is taken from anybody. *Deviation*: from pass n + 1 on the
/// maximum is taken over rows with weight alone; each pass then takes all of a row's, so that 2n
/// passes are the most. `guarded` is 1 where that happened.
///
/// A row so far away that the distances to all others are equal in `Double` has no projection any
/// more once it has no weight.
///
/// Row weights are ignored; f = 0 is the plain average. If fewer rows arrive than announced, f is at
/// most (n − 1)/2. A row without weight in the result is rejected, which says that it lies along the
/// largest spread; one with less than an equal share is downweighted. Suspicion is the part of its
/// weight that was taken, in 0...1.
///
/// - Complexity: O(n² d) for the distances, then O(n²) to O(n³) per pass, of which 2f are usual.
/// - Note: Allouah, Guerraoui, Stephan, ICML 2025, covariance bound agnostic filter.
public struct CAF: Aggregator {
  public static let manifest = ComponentManifest(
    id: "caf",
    summary: "The average of the updates with less weight along directions of large spread.",
    formula: """
      c_i = 1; while Σ c_i > n − 2f: m = Σ c_i x_i / Σ c_i; λ, v = largest eigenpair of the weighted \
      covariance; keep m if λ is the least so far; τ_i = ⟨x_i − m, v⟩²; c_i becomes \
      c_i (1 − τ_i / max τ); the result is the m that was kept
      """,
    preconditions: ["n >= 2f + 1"],
    citations: [
      Citation(
        ["Allouah", "Guerraoui", "Stephan"],
        "Towards trustworthy federated learning with untrusted participants", "ICML", 2025,
        arXiv: "2505.01874")
    ], origin: "From pass n + 1 on the maximum runs over rows with weight, so that it ends.",
    parameters: [
      ParameterSpec(
        "f", .integer(0...1_000_000), default: .plan(.declaredByzantine),
        help: "declared number of Byzantine submissions")
    ])

  public static let laws: RuleLaws = [
    .translation, .scale, .equalRows, .singleRow, .order, .range,
  ]
  public static let reports = ["eigenvalue", "guarded", "passes"]

  private let f: Int

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    f = arguments.integer("f")
    try setup.requireMinority(f, component: Self.manifest.id)
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let n = updates.rowCount
    var filter = SpreadFilter(updates.values.exactDistances(pool: round.pool))
    filter.run(downTo: n - 2 * min(f, (n - 1) / 2))
    let equalShare = (1 - 1e-9) / Double(n)
    return Aggregation(
      update: updates.values.mean(weights: filter.bestShares, pool: round.pool),
      verdicts: zip(filter.bestShares, filter.weights).map { share, weight in
        Verdict(
          share == 0 ? .rejected : share < equalShare ? .downweighted : .accepted, weight: share,
          suspicion: 1 - weight)
      },
      report: [
        "eigenvalue": .number(filter.leastEigenvalue),
        "guarded": .number(filter.isGuarded ? 1 : 0), "passes": .number(Double(filter.passCount)),
      ])
  }
}

/// The passes of the filter, on the distances of the rows.
private struct SpreadFilter {
  private let distances: DistanceTable
  /// c_i.
  private(set) var weights: [Double]
  /// The weights, summing to 1, at the least eigenvalue so far.
  private(set) var bestShares: [Double]
  private(set) var leastEigenvalue = Double.infinity
  private(set) var passCount = 0
  private(set) var isGuarded = false

  init(_ distances: DistanceTable) {
    self.distances = distances
    weights = [Double](repeating: 1, count: distances.count)
    bestShares = weights.map { $0 / Double(distances.count) }
  }

  /// Filters until the sum of the weights is at most `target`; one pass looks at the start in any
  /// case.
  mutating func run(downTo target: Int) {
    repeat {
      let total = weights.reduce(0, +)
      let shares = weights.map { $0 / total }
      let gram = distances.gram(around: shares)
      let (eigenvalue, projections) = largestSpread(gram, shares)
      if eigenvalue < leastEigenvalue { (leastEigenvalue, bestShares) = (eigenvalue, shares) }
      guard target < weights.count, reduce(by: projections) else { return }
    } while weights.reduce(0, +) > Double(target)
  }

  /// The largest eigenvalue of the weighted covariance and τ_i.
  private func largestSpread(_ gram: [Double], _ shares: [Double]) -> (Double, [Double]) {
    let n = distances.count
    let roots = shares.map { $0.squareRoot() }
    var matrix = gram
    for i in 0..<n { for j in 0..<n { matrix[i * n + j] *= roots[i] * roots[j] } }
    let pair = LargestEigenpair(matrix, order: n)
    guard pair.value > 0 else { return (0, [Double](repeating: 0, count: n)) }
    // v = Σ √p_j u_j (x_j − m) / √λ.
    let projections = (0..<n).map { i in
      var sum = 0.0
      for j in 0..<n { sum += gram[i * n + j] * roots[j] * pair.vector[j] }
      return sum * sum / pair.value
    }
    return (pair.value, projections)
  }

  /// Takes weight from the rows; returns whether there was any reason to.
  private mutating func reduce(by projections: [Double]) -> Bool {
    passCount += 1
    let isLate = passCount > weights.count
    let counted = zip(projections, weights).map { isLate && $1 == 0 ? 0 : $0 }
    let largest = counted.reduce(0, max)
    guard largest > 0 else { return false }
    isGuarded = isGuarded || isLate
    for i in weights.indices where weights[i] > 0 {
      weights[i] *= max(0, 1 - projections[i] / largest)
    }
    return true
  }
}
