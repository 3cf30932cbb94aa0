public import Components
public import Federation
import Tensors

/// The plain average of the n − f rows whose covariance has the least largest eigenvalue.
///
/// The search is exact; eigenvalues within 1e-12 of the least count as equal, and then the
/// lexicographically first subset is taken, as that of the lowest rows. Row weights are ignored;
/// f = 0 is the plain average. If fewer rows arrive than announced, at least one is kept. A rejection
/// says that others spread less; suspicion is the distance to the average.
///
/// Adding a row to a set only adds to its scatter, so a set of too large an eigenvalue is left with
/// all that contain it. More than 10⁷ subsets are refused.
///
/// - Complexity: O(n² d) for the distances, then up to O(n³) for each of up to 10⁷ subsets. Most fall
///   out early, but rows that spread alike in all directions take hours at that number.
/// - Note: Allouah, Guerraoui, Gupta, Pinot, Stephan, ICML 2023. The eigenvalue comes from the Gram
///   matrix, which has the same positive ones as the covariance.
public struct SMEA: Aggregator {
  public static let manifest = ComponentManifest(
    id: "smea",
    summary: "The average of the n − f updates that spread least in any direction.",
    formula: """
      average the set S of n − f rows whose covariance 1/|S| Σ (x_i − m)(x_i − m)ᵀ, m = their \
      average, has the least largest eigenvalue; of several such sets the lexicographically first one
      """,
    preconditions: SubsetCount.preconditions,
    citations: [
      Citation(
        ["Allouah", "Guerraoui", "Gupta", "Pinot", "Stephan"],
        "On the privacy-robustness-utility trilemma in distributed learning", "ICML", 2023,
        arXiv: "2302.04787")
    ],
    parameters: SubsetCount.parameters)

  public static let bound: RobustnessBound? = KnownBounds.leastSpread
  public static let laws: RuleLaws = [
    .translation, .scale, .equalRows, .singleRow, .order, .range,
  ]
  public static let reports = ["eigenvalue"]

  private let minority: DeclaredMinority

  public var isOutsideProof: Bool { minority.isOutsideProof }

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    minority = try SubsetCount.minority(arguments, setup: setup, component: Self.manifest.id)
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let distances = updates.values.exactDistances(pool: round.pool)
    let count = distances.count - min(minority.f, distances.count - 1)
    let (selected, eigenvalue) = LeastSpread.subset(count, of: distances)
    let weights = updates.values.shares(ofRows: selected)
    let scores = distances.squaredDistances(toAverage: weights).map { $0.squareRoot() }
    var result = Aggregation(
      averaging: selected, of: updates.values, scores: scores, pool: round.pool)
    result.report["eigenvalue"] = .number(eigenvalue / Double(count))
    return result
  }
}
