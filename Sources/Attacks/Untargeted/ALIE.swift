public import Components
public import Determinism
public import Federation
public import Kernels
public import Tensors

/// Sends the honest mean moved by z standard deviations in every coordinate, which is little enough.
///
/// μ and σ are those of the known updates, in double precision; each sent coordinate is rounded
/// once. Updates are added by the server, so the default `sign` of minus goes against an update
/// whose mean is positive; all attackers send the same row.
///
/// `auto` takes z from the number n of submissions and f of attackers in the round, and clamps it to
/// 0 ... `z-max`: with few attackers, such as 1 of 20, no z has enough supporters, and the mean itself
/// is sent; where attackers are the majority they need none, and z is `z-max`. Recorded are `z` and
/// `sign`. Equal updates, or a single one, are sent as they are. Where none is known (no honest client
/// takes part) rows stay what they are, and nothing is recorded.
///
/// - Complexity: O((h + f) d) per round.
/// - Note: Baruch, Baruch, Goldberg, NeurIPS 2019, whose attackers know their own updates alone
///   (`partial`). Deviations: the honest ones by default, as everywhere since; the paper does not
///   say which `deviation` it means, and libraries differ (FLPoison and ByzPy divide by h, ByzFL
///   and Blades by h − 1), as they do in the sign. ByzFL has a fixed z of 1.5, and ByzPy takes the
///   quantile of (n − s) / n.
public struct ALIE: Attack {
  public static let manifest = ComponentManifest(
    id: "alie",
    summary: "Sends the honest mean, moved by a few standard deviations.",
    formula: """
      Δ_a,j = μ_j ± z σ_j with μ and σ of the known updates; auto: z = Φ⁻¹((n − f − s) / (n − f)) \
      with s = ⌊n/2 + 1⌋ − f for n submissions and f attackers, within 0 … z-max
      """,
    preconditions: ["knows the honest updates, unless knowledge is partial"],
    citations: [Citation.aLittleIsEnough],
    parameters: [
      ParameterSpec(
        "z", .real(0 ... .greatestFiniteMagnitude, orWords: ["auto"]), default: .text("auto"),
        help: "standard deviations away from the mean; auto follows from the counts of the round"),
      ParameterSpec(
        "sign", .choice(["minus", "plus"]), default: .text("minus"),
        help: "which way the mean of the updates, which the server adds, is moved"),
      ALIEStrength.limit, DeviationDivisor.parameter, AttackerKnowledge.parameter,
    ])
  public static let tier = ThreatTier.omniscient

  private let z: Double?
  private let limit: Double
  private let sign: Double
  private let divisor: DeviationDivisor
  private let knowledge: AttackerKnowledge

  public init(_ arguments: Arguments, setup _: AttackSetup) throws(ConfigurationError) {
    z = arguments.number("z")
    limit = arguments.real("z-max")
    sign = arguments.word("sign") == "plus" ? 1 : -1
    divisor = DeviationDivisor(arguments)
    knowledge = AttackerKnowledge(arguments)
  }

  public var threatModel: ThreatModel {
    ThreatModel(surface: .update, knowledge: knowledge.level)
  }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    guard
      let moments = knowledge.updates(rows, view)?.meanAndDeviation(divisor, pool: view.pool),
      rows.rowCount > 0
    else { return [:] }
    let z =
      self.z
      ?? ALIEStrength.z(
        participants: view.participantCount, attackers: rows.rowCount, limit: limit)
    rows.fill(with: moments, at: sign * z)
    return ["z": z, "sign": sign]
  }
}
