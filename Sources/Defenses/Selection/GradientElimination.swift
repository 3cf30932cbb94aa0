public import Components
public import Federation
import Tensors

/// The average of the rows without the f longest ones.
///
/// Of equally long rows the lower ones are kept. Row weights are ignored; f = 0 is the plain average.
/// If fewer rows arrive than announced, f is at most (n − 1)/2. Rows that are no longer than honest
/// ones pass, whatever their direction. Suspicion is the norm.
///
/// *Deviation*: the paper adds the rows that are left; here they are averaged, as all rules do.
///
/// - Complexity: O(n d + n log n), without a copy of the matrix.
/// - Note: Gupta, Liu, Vaidya, DSN workshops 2021: comparative gradient elimination.
public struct GradientElimination: Aggregator {
  public static let manifest = ComponentManifest(
    id: "cge",
    summary: "The average of the updates without the f longest ones.",
    formula: "the average of the n − f rows of least ‖x_i‖, of equally long ones the lower rows",
    preconditions: ["n >= 2f + 1"],
    citations: [
      Citation(
        ["Gupta", "Liu", "Vaidya"],
        "Byzantine fault-tolerant distributed machine learning with norm-based comparative "
          + "gradient elimination", "DSN workshops", 2021, arXiv: "2008.04699")
    ],
    parameters: [
      ParameterSpec(
        "f", .integer(0...1_000_000), default: .plan(.declaredByzantine),
        help: "declared number of Byzantine submissions: how many rows to leave out"),
      ProofLimit.parameter,
    ])

  public static let laws: RuleLaws = [.scale, .equalRows, .singleRow, .order, .range]

  private let minority: DeclaredMinority

  public var isOutsideProof: Bool { minority.isOutsideProof }

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    minority = try DeclaredMinority(arguments, setup: setup, component: Self.manifest.id)
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let n = updates.rowCount
    let norms = updates.values.norms(pool: round.pool)
    let shortest = norms.indices.sorted { (norms[$0], $0) < (norms[$1], $1) }
      .prefix(n - minority.count(of: n))
    return Aggregation(
      averaging: shortest, of: updates.values, scores: norms, pool: round.pool)
  }
}
