public import Components
public import Determinism
public import Federation
public import Kernels
public import Tensors

/// Sends −τ μ with the τ that moves the defense's answer farthest from the honest mean μ.
///
/// In every round the attack rehearses on a copy of the defense, its state included, and picks τ in
/// −range ... range by ``StrengthSearch`` around τ = −1, where an attacker sends μ itself: both signs
/// and τ = 0 are among the at most 78 rehearsals. The real defense notices nothing, and draws of a
/// randomised one are those of the attacker's own stream, the same in all rehearsals.
///
/// Recorded are `tau`, and the number of rehearsals as `evaluations`. Where nothing can be rehearsed
/// (a bare matrix, a defense in another process) or no rehearsal has an answer, τ is 1, the negative
/// mean; `evaluations` then is 0, or tells how many failed. Where no honest client takes part rows
/// stay what they are, and nothing is recorded.
///
/// - Complexity: 78 calls of the defense per round.
/// - Note: Allouah, Farhadkhani, Guerraoui, Gupta, Pinot, Stephan, AISTATS 2023, who search τ >= 0 by
///   doubling. Deviation: both signs, jumps are located, and the true state of the defense.
public struct OptimalInnerProductManipulation: Attack {
  public static let manifest = ComponentManifest(
    id: "opt-ipm",
    summary: "Sends the multiple of the honest mean that the defense suffers most from.",
    formula: """
      Δ_a = −τ · μ with the plain mean μ of the honest updates; τ in −range … range maximizes \
      ‖A − μ‖, where A is the update that the defense answers with
      """,
    preconditions: ["knows the honest updates and the defense", "the defense can be copied"],
    citations: [Citation.fixingByMixing, Citation.fallOfEmpires],
    origin: "The second one has the direction, the first the search.",
    parameters: [
      ParameterSpec(
        "range", .real(1...1_000_000), default: .real(100), help: "largest τ of either sign")
    ])
  public static let tier = ThreatTier.omniscient

  private let range: Double

  public init(_ arguments: Arguments, setup _: AttackSetup) throws(ConfigurationError) {
    range = arguments.real("range")
  }

  public var threatModel: ThreatModel { ThreatModel(surface: .update, knowledge: .defense) }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    guard rows.rowCount > 0, let mean = view.honest?.mean(pool: view.pool) else { return [:] }
    var (tau, evaluations) = (1.0, 0)
    if let probe = view.probe {
      let found = Self.search(probe, mean: mean, attackers: rows.rowCount, range: range)
      tau = found.tau ?? tau
      evaluations = found.evaluations
    }
    rows.fill(with: mean, times: -tau)
    return ["tau": tau, "evaluations": Double(evaluations)]
  }

  private static func search(
    _ probe: DefenseProbe, mean: [Float], attackers: Int, range: Double
  ) -> (tau: Double?, evaluations: Int) {
    var probe = probe
    var crafted = Matrix<Float>(rowCount: attackers, columnCount: mean.count)
    var search = StrengthSearch { tau in
      crafted.fill(with: mean, times: -tau)
      guard let response = probe.respond(to: crafted) else { return nil }
      return StrengthSearch.Answer(
        objective: Float.squaredDistance(response.update.span, mean.span).squareRoot(),
        weight: response.verdicts.reduce(0) { $0 + $1.weight })
    }
    let tau = search.run(range: range, center: -1)
    return (tau, search.rehearsalCount)
  }
}
