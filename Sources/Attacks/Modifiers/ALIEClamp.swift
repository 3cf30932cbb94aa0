public import Components
public import Determinism
public import Federation
public import Kernels
public import Tensors

/// Clamps each sent coordinate into the spread of the honest ones.
///
/// μ and σ are mean and population standard deviation of the coordinate over the honest rows of the
/// round, in double precision; a coordinate inside keeps its bits, another is rounded once. NaN
/// stays. Where no honest client takes part nothing is changed. The share of changed coordinates is
/// recorded as `clamped`.
///
/// - Complexity: O((h + f) d) per round.
/// - Note: Baruch, Baruch, Goldberg, NeurIPS 2019, section 3 (backdooring), without the term that
///   pulls training towards the mean. Deviation: the spread is that of the honest rows, not an
///   estimate from the attackers' own.
public struct ALIEClamp: AttackModifier {
  public static let manifest = ComponentManifest(
    id: "alie-clamp",
    summary: "Clamps each sent coordinate into the spread of the honest ones.",
    formula: "Δ_a,j = min(max(Δ_a,j, μ_j − z σ_j), μ_j + z σ_j) with μ and σ of the honest rows",
    preconditions: ["knows the honest updates"],
    citations: [Citation.aLittleIsEnough],
    parameters: [
      ParameterSpec(
        "z", .real(0 ... .greatestFiniteMagnitude), default: .real(1.5),
        help: "how many standard deviations from the honest mean are allowed")
    ])

  private let clamp: SpreadClamp

  public init(_ arguments: Arguments, setup _: AttackSetup) throws(ConfigurationError) {
    clamp = SpreadClamp(z: arguments.real("z"))
  }

  public var threatModel: ThreatModel {
    ThreatModel(surface: .update, knowledge: .honestUpdates)
  }

  public mutating func transform(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    clamp.apply(to: &rows, view).map { ["clamped": $0] } ?? [:]
  }
}
