public import Components
public import Determinism
public import Federation
public import Kernels
public import Tensors

/// Multiplies the rows that are sent.
///
/// `auto` follows the weights of the attackers that act in the round, so that what one of them
/// trained takes the place of the global model in a plain average. The factor is recorded as `boost`.
///
/// - Complexity: O(f d) per round.
/// - Note: Bhagoji et al., ICML 2019, section 3: λ = 1 / α_m for the attacker's weight α_m, which is
///   `auto` at a server rate of 1.
public struct Boost: AttackModifier {
  public static let manifest = ComponentManifest(
    id: "boost",
    summary: "Multiplies the sent rows.",
    formula: """
      Δ_a = gamma · Δ_a; auto: gamma = 1 / (server rate · weight share of the attackers)
      """,
    preconditions: ["auto needs a server rate above 0"],
    citations: [Citation.adversarialLens], origin: "Explicit boosting.",
    parameters: [BoostFactor.parameter(default: .text("auto"))])

  private let factor: BoostFactor

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    var problems: [ConfigurationError.Problem] = []
    factor = BoostFactor(
      arguments, setup: setup, component: Self.manifest.id, problems: &problems)
    guard problems.isEmpty else { throw ConfigurationError(problems) }
  }

  public var threatModel: ThreatModel { ThreatModel(surface: .update) }

  public mutating func transform(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    factor.apply(to: &rows, view, as: "boost")
  }
}
