public import Components
import Determinism
public import Federation
import Kernels
import Statistics
import Tensors

/// The average of the rows that are aligned as usual with the model and with the others' signs, each
/// shortened to the median length.
///
/// Two numbers describe a row: its cosine with the global model, and the share of its largest
/// coordinates whose sign is the principal one, that of Σ sign(x_i); a zero agrees where the votes tie.
/// Of d coordinates the floor(sparsity · d) of largest magnitude count, at least one, of equal ones
/// those of lower index. A row passes where both numbers lie within λ deviations of their medians.
/// Where a deviation is 0, what equals the median passes. The median norm is that of the rows that pass.
///
/// A cosine with a zero vector is 0. On a bare matrix, where there is no model, all cosines are 0, and
/// signs alone decide. *Empty selection*, which the paper leaves open: the update is zero, as in the
/// authors' code. Of two rows both pass under a λ of 1 or more. Row weights are ignored.
///
/// *Deviations* from the authors' code: a median of an even number is the mean of both middle values,
/// where the code clips to the lower of two norms; a score equal to λ passes; a zero row and equal
/// numbers give no NaN; the average is not weighted by data sizes. `deviation: median` is ours.
///
/// A row that fails is rejected, one that is shortened downweighted; its weight is its equal share
/// times the factor. Suspicion is the larger of its two scores, at most 10⁹.
///
/// - Complexity: O(n d), without a copy of the matrix; 512 KiB for each thread.
/// - Note: Xu, Zhang, Hu, CVPR 2025, algorithm 1.
public struct AlignIns: Aggregator {
  public static let manifest = ComponentManifest(
    id: "align-ins",
    summary: "The average of the updates of usual cosine with the model and usual signs.",
    formula: """
      ω_i = cos(x_i, w); p = sign(Σ sign(x_i)); ρ_i = the share of the k largest |x_i| with sign(x_i) \
      = p; z(v_i) = |v_i − median(v)| / σ(v); S = the rows with z(ω_i) <= λ_c and z(ρ_i) <= λ_s; c = \
      the median norm in S; the result is the average of x_i · min(1, c / ‖x_i‖) over S, the zero \
      update if that is empty
      """,
    citations: [
      Citation(
        ["Xu", "Zhang", "Hu"],
        "Detecting backdoor attacks in federated learning via direction alignment inspection",
        "CVPR", 2025, arXiv: "2503.07978")
    ],
    origin: """
      The outcome of an empty selection is that of the authors' code, which clips to the lower of two \
      middle norms. The deviation by the median is ours.
      """,
    parameters: [
      ParameterSpec(
        "lambda", .real(0 ... .greatestFiniteMagnitude), default: .real(1),
        help: "largest score that passes, in deviations: λ_c and λ_s where they are not given"),
      ParameterSpec(
        "lambda-c", .real(0 ... .greatestFiniteMagnitude, orWords: ["lambda"]),
        default: .text("lambda"), help: "λ_c, of the cosine with the model"),
      ParameterSpec(
        "lambda-s", .real(0 ... .greatestFiniteMagnitude, orWords: ["lambda"]),
        default: .text("lambda"), help: "λ_s, of the share of principal signs"),
      ParameterSpec(
        "sparsity", .real(.leastNonzeroMagnitude...1), default: .real(0.3),
        help: "share of the coordinates, the largest, whose signs are looked at"),
      ParameterSpec(
        "deviation", .choice(["population", "median"]), default: .text("population"),
        help: """
          what scores are divided by: the population standard deviation, or the median distance from \
          the median / 0.6745
          """),
    ])

  public static let traits: DefenseTraits = [.declaresMalicious]
  public static let laws: RuleLaws = [.scale, .equalRows, .singleRow, .order]
  public static let reports = ["accepted", "bound"]

  private let cosineBound: Double
  private let signBound: Double
  private let sparsity: DecimalShare
  private let isRobust: Bool

  public init(_ arguments: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {
    cosineBound = arguments.number("lambda-c") ?? arguments.real("lambda")
    signBound = arguments.number("lambda-s") ?? arguments.real("lambda")
    sparsity = DecimalShare(arguments.real("sparsity"))
    isRobust = arguments.word("deviation") == "median"
  }

  public mutating func aggregate(
    _ updates: borrowing UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) -> Aggregation {
    let norms = updates.values.norms(pool: round.pool)
    let cosines = medianScores(cosines(updates.values, norms: norms, round), isRobust: isRobust)
    let signs = medianScores(agreement(updates.values, pool: round.pool), isRobust: isRobust)
    let accepted = norms.indices.filter {
      isWithin(cosines[$0], cosineBound) && isWithin(signs[$0], signBound)
    }
    let bound = Statistics.Median.of(accepted.map { norms[$0] }) ?? 0
    var weights = [Double](repeating: 0, count: norms.count)
    for row in accepted {
      weights[row] = clippingFactor(norm: norms[row], bound: bound) / Double(accepted.count)
    }
    let passes = Set(accepted)
    return Aggregation(
      update: updates.values.combination(weights, pool: round.pool),
      verdicts: norms.indices.map { row in
        Verdict(
          !passes.contains(row) ? .rejected : norms[row] > bound ? .downweighted : .accepted,
          weight: weights[row], suspicion: max(cosines[row], signs[row]))
      }, report: ["accepted": .number(Double(accepted.count)), "bound": .number(bound)])
  }

  /// The cosine of each row with the global model.
  private func cosines(
    _ values: borrowing Matrix<Float>, norms: [Double], _ round: RoundContext
  ) -> [Double] {
    let length = Float.squaredNorm(round.global.span).squareRoot()
    guard round.global.count == values.columnCount, length > 0 else { return norms.map { _ in 0 } }
    return zip(values.products(with: round.global, pool: round.pool), norms).map {
      $1 > 0 ? $0 / $1 / length : 0
    }
  }

  /// For each row the share of its largest coordinates that have the principal sign.
  private func agreement(_ values: borrowing Matrix<Float>, pool: WorkPool) -> [Double] {
    let d = values.columnCount
    guard d > 0 else { return .init(repeating: 1, count: values.rowCount) }
    let count = max(1, sparsity.count(of: d))
    let votes = values.votes(pool: pool).votes
    let values = copy values
    return pool.map(values.rowCount) { row in
      values.withRow(row) { row in
        var largest = LargestMagnitudes(count, of: row)
        var agreeing = 0
        for column in row.indices where largest.takes(row[column]) {
          let (value, vote) = (row[column], votes[column])
          if vote > 0 ? value > 0 : vote < 0 ? value < 0 : value == 0 { agreeing += 1 }
        }
        return Double(agreeing) / Double(count)
      }
    }
  }
}
