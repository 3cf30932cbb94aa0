public import Components
public import Determinism
public import Federation
public import Kernels
public import Tensors

/// Moves the honest mean as far as the squared distances of the outermost honest update allow.
///
/// No rule that adds up squared distances, to all rows, can then tell the row from that one.
///
/// All attackers send the same row. γ comes from doubling and bisection; the end that keeps the bound
/// is sent, after rounding too, and recorded as `gamma`. It is 0 where the updates are equal or there
/// is one alone. A mean of zero has no direction and no signs: the deviations then take their place,
/// as with `std`. The divisor of σ does not matter, since γ makes up for it. Where no update is known
/// (no honest client takes part) rows stay what they are, and nothing is recorded.
///
/// - Complexity: O(n² d) per round.
/// - Note: Shejwalkar, Houmansadr, NDSS 2021, for updates that the server adds. Deviation: γ is exact
///   to 1e-6 and without a limit. The original search starts at 10 and halves its step, so that it cannot pass 20; the authors'
///   notebooks take the smallest of the sums as the bound, the paper the largest.
public struct MinSum: Attack {
  public static let manifest = ComponentManifest(
    id: "min-sum",
    summary: "Moves the honest mean until its distances sum to those of the farthest update.",
    formula: """
      Δ_a = μ + γ p with the largest γ for which Σ_i ‖Δ_a − Δ_i‖² <= max_i Σ_j ‖Δ_i − Δ_j‖² over the \
      known updates; p = −μ / ‖μ‖ (unit), −σ (std) or −sign(μ) (sign)
      """,
    preconditions: ["knows the honest updates, unless knowledge is partial"],
    citations: [Citation.manipulatingTheByzantine],
    parameters: PerturbedMean.parameters)
  public static let tier = ThreatTier.omniscient

  private let recipe: PerturbedMean

  public init(_ arguments: Arguments, setup _: AttackSetup) throws(ConfigurationError) {
    recipe = PerturbedMean(arguments, budget: .largestSum)
  }

  public var threatModel: ThreatModel {
    ThreatModel(surface: .update, knowledge: recipe.knowledge.level)
  }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] { recipe.craft(&rows, view) }
}
