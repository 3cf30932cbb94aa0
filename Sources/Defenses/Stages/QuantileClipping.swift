public import Components
import Determinism
public import Federation
import Tensors

/// Shortens each row to a norm bound that follows a quantile of the norms from round to round.
///
/// The first round has the bound that is given; each round then multiplies it by at most
/// exp(rate · quantile) or exp(−rate · (1 − quantile)), so from a bound that does not fit it takes
/// some rounds to arrive: with the paper's values a factor of e in ten. Rows at the bound count as
/// within it; an attacker's row is one of n votes, however long it is. Zero rows stay zero. Clients
/// and weights of the rows stay as they are.
///
/// *Deviation*: the paper adds noise to the count, for privacy; here it is exact.
///
/// - Complexity: O(n d), in place where nobody else holds the matrix.
/// - Note: Andrew, Thakkar, McMahan, Ramaswamy, NeurIPS 2021, section 2.
public struct QuantileClipping: PreAggregator {
  public static let manifest = ComponentManifest(
    id: "quantile-clipping",
    summary: "Shortens each update to a norm bound that follows a quantile of the norms.",
    formula: """
      x_i becomes x_i · min(1, C / ‖x_i‖); then C becomes C · exp(−rate · (b − quantile)), b = the \
      share of rows with ‖x_i‖ <= C; C = bound in the first round
      """,
    citations: [
      Citation(
        ["Andrew", "Thakkar", "McMahan", "Ramaswamy"],
        "Differentially private learning with adaptive clipping", "NeurIPS", 2021,
        arXiv: "1905.03871")
    ],
    parameters: [
      ParameterSpec(
        "quantile", .real(0...1), default: .real(0.5), help: "share of rows to leave unclipped"),
      ParameterSpec(
        "rate", .real(0...100), default: .real(0.2), help: "how fast the bound follows"),
      ParameterSpec(
        "bound", .positive(), default: .real(0.1), help: "largest norm of a row in the first round"),
    ])

  public static let traits: DefenseTraits = [.stateful, .secureAggregation]

  private let quantile: Double
  private let rate: Double
  private var bound: Double

  public init(_ arguments: Arguments, setup _: DefenseSetup) throws(ConfigurationError) {
    quantile = arguments.real("quantile")
    rate = arguments.real("rate")
    bound = arguments.real("bound")
  }

  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.visit(&bound)
    pass.require(bound > 0 && bound.isFinite, "the bound is \(bound)")
  }

  public mutating func transform(
    _ updates: inout UpdateMatrix, in round: RoundContext
  ) throws(DefenseError) {
    let norms = updates.values.norms(pool: round.pool)
    updates.clip(to: bound, norms: norms)
    let within = Double(norms.count { $0 <= bound }) / Double(norms.count)
    let moved = bound * ElementaryFunctions.exp(-rate * (within - quantile))
    // Neither 0 nor infinity, from where it could not come back.
    bound = min(max(moved, .leastNormalMagnitude), .greatestFiniteMagnitude)
  }
}
