public import Components
public import Determinism
public import Federation
public import Kernels
public import Tensors

/// Sends μ + z σ with the z that moves the defense's answer farthest from the honest mean μ.
///
/// In every round the attack rehearses on a copy of the defense, its state included, and picks z in
/// −range ... range by ``StrengthSearch`` around z = 0, where an attacker sends μ itself: both signs
/// and z = 0 are among the at most 77 rehearsals. The real defense notices nothing, and draws of a
/// randomised one are those of the attacker's own stream, the same in all rehearsals.
///
/// Recorded are `z` with its sign, and the number of rehearsals as `evaluations`. Where nothing can be
/// rehearsed (a bare matrix, a defense in another process) or no rehearsal has an answer, z is what
/// ``ALIE`` takes from the counts, to the minus side; `evaluations` then is 0, or tells how many
/// failed. Where all answers are equally far, as with equal honest updates, z is 0. Where no honest
/// client takes part rows stay what they are, and nothing is recorded.
///
/// - Complexity: 77 calls of the defense per round.
/// - Note: Allouah, Farhadkhani, Guerraoui, Gupta, Pinot, Stephan, AISTATS 2023, who search z >= 0 by
///   doubling. Deviation: both signs, jumps are located, and the true state of the defense.
public struct OptimalALIE: Attack {
  public static let manifest = ComponentManifest(
    id: "opt-alie",
    summary: "Moves the honest mean by the deviations that the defense suffers most from.",
    formula: """
      Δ_a,j = μ_j + z σ_j with μ and σ of the honest updates; z in −range … range maximizes \
      ‖A − μ‖, where A is the update that the defense answers with
      """,
    preconditions: ["knows the honest updates and the defense", "the defense can be copied"],
    citations: [Citation.fixingByMixing, Citation.aLittleIsEnough],
    origin: "The second one has the direction, the first the search.",
    parameters: [
      ParameterSpec(
        "range", .real(.leastNonzeroMagnitude...1_000_000), default: .real(100),
        help: "largest z of either sign"),
      DeviationDivisor.parameter,
    ])
  public static let tier = ThreatTier.omniscient

  private let range: Double
  private let divisor: DeviationDivisor

  public init(_ arguments: Arguments, setup _: AttackSetup) throws(ConfigurationError) {
    range = arguments.real("range")
    divisor = DeviationDivisor(arguments)
  }

  public var threatModel: ThreatModel { ThreatModel(surface: .update, knowledge: .defense) }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    guard rows.rowCount > 0, let honest = view.honest, let mean = honest.mean(pool: view.pool),
      let moments = honest.meanAndDeviation(divisor, pool: view.pool)
    else { return [:] }
    var z =
      -ALIEStrength.z(
        participants: view.participantCount, attackers: rows.rowCount, limit: range)
    var evaluations = 0
    if let probe = view.probe {
      var search = Self.search(probe, around: mean, moments, attackers: rows.rowCount)
      z = search.run(range: range, center: 0) ?? z
      evaluations = search.rehearsalCount
    }
    rows.fill(with: moments, at: z)
    return ["z": z, "evaluations": Double(evaluations)]
  }

  private static func search(
    _ probe: DefenseProbe, around mean: [Float], _ moments: (mean: [Double], deviation: [Double]),
    attackers: Int
  ) -> StrengthSearch {
    var probe = probe
    var crafted = Matrix<Float>(rowCount: attackers, columnCount: mean.count)
    return StrengthSearch { z in
      crafted.fill(with: moments, at: z)
      guard let response = probe.respond(to: crafted) else { return nil }
      return StrengthSearch.Answer(
        objective: Float.squaredDistance(response.update.span, mean.span).squareRoot(),
        weight: response.verdicts.reduce(0) { $0 + $1.weight })
    }
  }
}
