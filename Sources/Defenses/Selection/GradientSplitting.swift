public import Components
import Determinism
public import Federation
import Tensors

/// The average of the rows that lie nearest to a base rule's aggregate, in groups of coordinates.
///
/// The coordinates are dealt at random to p groups whose sizes differ by at most one; with fewer
/// coordinates than groups each is a group of its own. In each group the base rule, Multi-Krum of
/// n − f rows or Bulyan, makes one vector of the rows' values there. A row's score is the sum over
/// the groups of its distances, not squared, to those vectors; the n − f rows of the lowest scores
/// are averaged. Ties go to the lowest row. With one group the rows nearest to the base rule's own
/// aggregate are averaged; f = 0 is the plain average.
///
/// If fewer rows arrive than announced, max(1, n − f) of them are averaged. No columns: the first
/// rows. Row weights are ignored. The rejection of a row says that others lay nearer to what the
/// base rule made, not that it is malicious. Suspicion is the score.
///
/// - Complexity: O(n² d) for the distances and O(p n² log n), p n³ with Bulyan; the values of one
///   group for each thread at once.
/// - Note: Liu, Chen, Lyu, Wu, Wu, Chen, ICML 2023.
public struct GradientSplitting: Aggregator {
  public static let manifest = ComponentManifest(
    id: "gas",
    summary: "The average of the updates nearest to a rule's aggregates of random coordinates.",
    formula: """
      deal the coordinates at random to p groups; a_q = the base rule's aggregate of the rows' values \
      in group q; score(i) = sum over q of ‖x_i − a_q‖ there; the result is the average of the n − f \
      rows of lowest score, ties to the lowest row
      """,
    preconditions: ["n >= 2f + 3 with Multi-Krum", "n >= 4f + 3 with Bulyan"],
    citations: [
      Citation(
        ["Liu", "Chen", "Lyu", "Wu", "Wu", "Chen"],
        "Byzantine-robust learning on heterogeneous data via gradient splitting", "ICML", 2023,
        arXiv: "2302.06079")
    ],
    origin: """
      The authors' code has 1,000 groups on 11 million parameters, makes them equally large but for \
      the last, lowers an f that is too large, and its Bulyan scores once and averages the distances \
      to the median instead of the values.
      """,
    parameters: [
      ParameterSpec(
        "f", .integer(0...1_000_000), default: .plan(.declaredByzantine),
        help: "declared number of Byzantine submissions: how many rows to leave out"),
      ParameterSpec(
        "groups", .integer(1...1_000_000), default: .integer(100),
        help: "number of groups of coordinates, p; at most one for each coordinate"),
      ParameterSpec(
        "rule", .choice(["multi-krum", "bulyan"]), default: .text("multi-krum"),
        help: "the base rule, with the same f"),
      ProofLimit.parameter,
    ])

  public static let laws: RuleLaws = [
    .translation, .scale, .equalRows, .singleRow, .order, .range,
  ]

  private let f: Int
  private let groupCount: Int
  private let base: any Aggregator

  public var isOutsideProof: Bool { base.isOutsideProof }

  public static func workingBytes(rowCount: Int, columnCount: Int) -> Double {
    let (n, d) = (Double(rowCount), Double(columnCount))
    // The distances of two groups, with Bulyan, and their values.
    return 32 * n * n + 32 * d + 0.1 * n * d
  }

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    f = arguments.integer("f")
    groupCount = arguments.integer("groups")
    let given = arguments.values.filter { ["f", "relax"].contains($0.key) }
    do {
      base =
        arguments.word("rule") == "bulyan"
        ? try Bulyan(Arguments(given, for: Bulyan.manifest), setup: setup)
        : try MultiKrum(Arguments(given, for: MultiKrum.manifest), setup: setup)
    } catch {
      throw ConfigurationError(error.problems.map { $0.of(Self.manifest.id) })
    }
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let n = updates.rowCount
    var random = round.seed.stream()
    let scores = try Self.scores(
      of: updates.values, by: base,
      Self.groups(of: updates.columnCount, count: groupCount, random: &random), in: round)
    let nearest = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
    return Aggregation(
      averaging: nearest.prefix(max(1, n - f)), of: updates.values, scores: scores,
      pool: round.pool)
  }

  /// Deals the columns out, ascending in each group.
  private static func groups(
    of columnCount: Int, count: Int, random: inout RandomStream
  ) -> [[Int]] {
    let order = random.permutation(columnCount)
    let count = min(count, columnCount)
    return (0..<count).map { group in
      order[group * columnCount / count..<(group + 1) * columnCount / count].sorted()
    }
  }

  /// The sum over the groups of each row's distance to what the base rule makes of the rows there.
  private static func scores(
    of values: Matrix<Float>, by base: any Aggregator, _ groups: [[Int]], in round: RoundContext
  ) throws(DefenseError) -> [Double] {
    let inner = RoundContext(
      round: round.round, global: [], seed: round.seed,
      pool: groups.count > 1 ? WorkPool(width: 1) : round.pool)
    let distances = try round.pool.map(groups.count) { index throws(DefenseError) in
      let part = values.selectingColumns(groups[index], pool: inner.pool)
      var rule = base
      let center = try rule.aggregate(UpdateMatrix(part), in: inner).update
      return part.squaredDistances(to: center, pool: inner.pool).map { $0.squareRoot() }
    }
    return (0..<values.rowCount).map { row in distances.reduce(0) { $0 + $1[row] } }
  }
}
