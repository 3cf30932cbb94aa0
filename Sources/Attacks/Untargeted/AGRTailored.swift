public import Components
public import Determinism
public import Federation
public import Kernels
public import Tensors

/// Goes from the honest mean to where it does most harm to the defense at hand.
///
/// The paper has an objective for each rule. Krum, Multi-Krum and Bulyan: the largest gamma at
/// which the rule selects as many crafted rows as it does at any (`selection`,
/// ``AcceptanceSearch``). Median and trimmed mean: the gamma whose aggregate lies farthest from the
/// honest mean (`deviation`, ``StrengthSearch`` on gamma >= 0). `auto` takes the first where the
/// rule, at the end of the range, rejects a crafted row, and the second elsewhere, so that
/// every defense has one. The rule is rehearsed as it is, its state and stages included; the real
/// one notices nothing.
///
/// All attackers send the same row. Strength 1 is as far as the farthest honest row. Recorded are
/// the factor `gamma` of the direction and the number of rehearsals as `evaluations`. Where nothing
/// can be rehearsed, or no rehearsal has an answer, the strength is 1. Where the direction is zero
/// (one honest row and `std`, a mean of zero and `unit` or `sign`) the honest mean is sent without
/// a rehearsal. Where no honest client takes part rows stay what they are.
///
/// - Complexity: at most 79 calls of the defense per round.
/// - Note: Shejwalkar, Houmansadr, NDSS 2021, section IV-B. Deviations: the search brackets and
///   bisects instead of halving a step from gamma = 10, and rehearses the defense of the round
///   instead of a rule of the attacker's own.
public struct AGRTailored: Attack {
  public static let manifest = ComponentManifest(
    id: "agr-tailored",
    summary: "Goes from the honest mean to where it does most harm to the defense at hand.",
    formula: """
      Δ_a = μ + gamma · p with the plain mean μ of the honest updates and p = −μ / ‖μ‖ (unit), −σ \
      (std) or −sign(μ) (sign); of gamma in 0 … range · max_i ‖Δ_i − μ‖ / ‖p‖ the largest one at \
      which the most crafted rows are selected (selection), or that of the largest ‖A − μ‖, where \
      A is the update that the defense answers with (deviation)
      """,
    preconditions: ["knows the honest updates and the defense", "the defense can be copied"],
    citations: [Citation.manipulatingTheByzantine],
    parameters: [
      HonestSpread.parameter("perturbation"),
      ParameterSpec(
        "objective", .choice(["auto", "selection", "deviation"]), default: .text("auto"),
        help: "what is maximized; auto follows what the defense does to rows far away"),
      ParameterSpec(
        "range", .real(1...1_000_000), default: .real(100),
        help: "largest strength; 1 is as far as the farthest honest row"),
    ])
  public static let tier = ThreatTier.omniscient

  private let perturbation: String?
  private let objective: String?
  private let range: Double

  public init(_ arguments: Arguments, setup _: AttackSetup) throws(ConfigurationError) {
    perturbation = arguments.word("perturbation")
    objective = arguments.word("objective")
    range = arguments.real("range")
  }

  public var threatModel: ThreatModel { ThreatModel(surface: .update, knowledge: .defense) }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    guard rows.rowCount > 0,
      let spread = HonestSpread(view.honest, direction: perturbation, pool: view.pool)
    else { return [:] }
    var (strength, evaluations) = (1.0, 0)
    if let probe = view.probe, spread.unit > 0 {
      let found = search(probe, spread, attackers: rows.rowCount)
      strength = found.strength ?? 1
      evaluations = found.evaluations
    }
    let gamma = strength * spread.unit
    rows.fill(with: spread.row(gamma))
    return ["gamma": gamma, "evaluations": Double(evaluations)]
  }

  private func search(
    _ probe: DefenseProbe, _ spread: HonestSpread, attackers: Int
  ) -> (strength: Double?, evaluations: Int) {
    var probe = probe
    var evaluations = 0
    var crafted = Matrix<Float>(rowCount: attackers, columnCount: spread.mean.count)
    func respond(_ strength: Double) -> DefenseProbe.Response? {
      evaluations += 1
      crafted.fill(with: spread.row(strength * spread.unit))
      return probe.respond(to: crafted)
    }
    func selected(_ response: DefenseProbe.Response) -> Double {
      Double(response.verdicts.count { $0.disposition != .rejected })
    }
    let selects =
      switch objective {
      case "auto": respond(range).map { selected($0) < Double(attackers) } ?? false
      case "selection": true
      default: false
      }
    if selects {
      var search = AcceptanceSearch { respond($0).map(selected) }
      let strength = search.run(range: range, keep: 1)
      return (strength, evaluations)
    }
    var search = StrengthSearch { strength in
      guard strength >= 0, let response = respond(strength) else { return nil }
      let deviation = zip(response.update, spread.mean).reduce(0) {
        $0.addingProduct(Double($1.0) - $1.1, Double($1.0) - $1.1)
      }
      return StrengthSearch.Answer(
        objective: deviation.squareRoot(),
        weight: response.verdicts.reduce(0) { $0 + $1.weight })
    }
    let strength = search.run(range: range, center: 0)
    return (strength, evaluations)
  }
}
