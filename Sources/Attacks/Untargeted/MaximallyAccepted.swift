public import Components
public import Determinism
public import Federation
public import Kernels
public import Tensors

/// Goes as far from the honest mean as the defense still accepts.
///
/// In every round the attack rehearses on a copy of the defense, its state included, and bisects
/// the largest strength at which all crafted rows together keep at least the share `keep` of the
/// weight that they have where they have most of it (``AcceptanceSearch``, at most 42 rehearsals).
/// The real defense notices nothing. A rule that takes everything, such as the mean, lets it go to
/// the end of the range. All attackers send the same row.
///
/// Strength 1 is as far as the farthest honest row. Recorded are the factor `gamma` of the
/// direction and the number of rehearsals as `evaluations`. Where nothing can be rehearsed (a bare
/// matrix, a defense in another process), or the rows never have a weight, the strength is 1. Where
/// the direction is zero (one honest row and `std`, a mean of zero and `unit` or `sign`) the honest
/// mean is sent without a rehearsal. Where no honest client takes part rows stay what they are.
///
/// - Complexity: 42 calls of the defense per round.
public struct MaximallyAccepted: Attack {
  public static let manifest = ComponentManifest(
    id: "max-accepted",
    summary: "Goes as far from the honest mean as the defense still accepts.",
    formula: """
      Δ_a = μ + gamma · p with the plain mean μ of the honest updates and p = −μ / ‖μ‖ (unit), −σ \
      (std) or −sign(μ) (sign); gamma is the largest of 0 … range · max_i ‖Δ_i − μ‖ / ‖p‖ at which \
      the weight of the crafted rows is at least keep times the largest one
      """,
    preconditions: ["knows the honest updates and the defense", "the defense can be copied"],
    citations: [Citation.manipulatingTheByzantine],
    origin: """
      The constraint that the paper puts on Krum, for every defense: what it gives the crafted \
      rows is read off a rehearsal.
      """,
    parameters: [
      HonestSpread.parameter("direction"),
      ParameterSpec(
        "keep", .real(0.000_001...1), default: .real(0.5),
        help: "share of the largest weight that the crafted rows have to keep"),
      ParameterSpec(
        "range", .real(1...1_000_000), default: .real(100),
        help: "largest strength; 1 is as far as the farthest honest row"),
    ])
  public static let tier = ThreatTier.omniscient

  private let direction: String?
  private let keep: Double
  private let range: Double

  public init(_ arguments: Arguments, setup _: AttackSetup) throws(ConfigurationError) {
    direction = arguments.word("direction")
    keep = arguments.real("keep")
    range = arguments.real("range")
  }

  public var threatModel: ThreatModel { ThreatModel(surface: .update, knowledge: .defense) }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    guard rows.rowCount > 0,
      let spread = HonestSpread(view.honest, direction: direction, pool: view.pool)
    else { return [:] }
    var (strength, evaluations) = (1.0, 0)
    if var probe = view.probe, spread.unit > 0 {
      var crafted = rows
      var search = AcceptanceSearch { strength in
        crafted.fill(with: spread.row(strength * spread.unit))
        return probe.respond(to: crafted)?.verdicts.reduce(0) { $0 + $1.weight }
      }
      strength = search.run(range: range, keep: keep) ?? 1
      evaluations = search.rehearsalCount
    }
    let gamma = strength * spread.unit
    rows.fill(with: spread.row(gamma))
    return ["gamma": gamma, "evaluations": Double(evaluations)]
  }
}
