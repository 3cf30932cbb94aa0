public import Components
public import Federation

/// The plain average of the n − f rows with the least diameter, the largest distance of two of them.
///
/// Subsets that share their longest pair are common; of those with the same diameter the
/// lexicographically first one counts, as that of the lowest rows. Row weights are ignored; f = 0 is the plain average. If fewer rows arrive than announced, at
/// least one is kept. A rejection says that others lie closer together; suspicion is the largest
/// distance to a row that is kept.
///
/// The search is exact, but does not go through all subsets: the rows to leave out cover all pairs
/// that are too far apart. More than 10⁷ subsets are refused all the same, because it is exponential
/// in f.
///
/// - Complexity: O(n² d) for the distances, then O(2^f f n²) at worst.
/// - Note: Rousseeuw, "Multivariate estimation with high breakdown point", 1985; as a rule El Mhamdi,
///   Farhadkhani, Guerraoui, Guirguis, Hoang, Rouault, NeurIPS 2021.
public struct MDA: Aggregator {
  public static let manifest = ComponentManifest(
    id: "mda",
    summary: "The average of the n − f updates that lie closest together.",
    formula: """
      average the set S of n − f rows of least max ‖x_i − x_j‖ over i, j in S; of several such sets \
      the lexicographically first one
      """,
    preconditions: SubsetCount.preconditions,
    citations: [
      Citation(
        ["El Mhamdi", "Farhadkhani", "Guerraoui", "Guirguis", "Hoang", "Rouault"],
        "Collaborative learning in the jungle (decentralized, Byzantine, heterogeneous, "
          + "asynchronous and nonconvex learning)", "NeurIPS", 2021, arXiv: "2008.00742"),
      Citation(
        ["Rousseeuw"], "Multivariate estimation with high breakdown point",
        "Mathematical Statistics and Applications B", 1985, doi: "10.1007/978-94-009-5438-0_20"),
    ],
    parameters: SubsetCount.parameters)

  // Not order: sets that share their longest pair tie, whatever the values.
  public static let laws: RuleLaws = [.translation, .scale, .equalRows, .singleRow, .range]
  public static let reports = ["diameter"]

  private let minority: DeclaredMinority

  public var isOutsideProof: Bool { minority.isOutsideProof }

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    minority = try SubsetCount.minority(arguments, setup: setup, component: Self.manifest.id)
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let distances = updates.values.distances(pool: round.pool)
    let selected = LeastDiameter.subset(
      leavingOut: min(minority.f, distances.count - 1), of: distances)
    let scores = (0..<distances.count).map { row in
      selected.reduce(0) { max($0, distances.squared(row, $1)) }.squareRoot()
    }
    var result = Aggregation(
      averaging: selected, of: updates.values, scores: scores, pool: round.pool)
    result.report["diameter"] = .number(selected.reduce(0) { max($0, scores[$1]) })
    return result
  }
}
