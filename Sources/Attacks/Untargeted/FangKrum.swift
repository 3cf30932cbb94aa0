public import Components
public import Determinism
public import Federation
public import Kernels
public import Tensors

/// Sends the longest row against the signs of the mean that Krum still picks.
///
/// The attack knows that the rule is Krum and runs it itself, on the known updates and its own copies;
/// whatever defense there is, it is not asked. λ starts at the paper's upper bound and is halved
/// until Krum picks a forged row, a tie not counted. With full knowledge all f attackers are the
/// copies that Krum sees. Of `partial` knowledge the updates are those that the f attackers
/// trained, and one copy is tried, then two, up to f.
///
/// Recorded are `lambda` and, as `copies`, the number of copies that Krum was asked with. Where no λ
/// from `least` on is picked rows stay what they are, and both are 0; so it is where no update is
/// known (no honest client takes part), and then nothing is recorded. Coordinates whose mean is 0 are
/// sent as 0. With so many attackers that Krum has no guarantee (n < 2f + 3) at least one neighbor
/// and a divisor of one are used.
///
/// - Complexity: O(n² d) per round, and O(h²) per λ.
/// - Note: Fang, Cao, Jia, Gong, USENIX Security 2020; that others than the first attacker lie near it
///   is taken as equality. Deviations: s has the signs of the mean rather than of Krum's own answer
///   without an attack, as in the authors' later code, but of the known updates alone; distances from
///   the received model are norms of updates. `partial` is the paper's idea with Krum's neighbors
///   counted for f updates and the copies; FLPoison starts at λ = 1 instead of the bound.
public struct FangKrum: Attack {
  public static let manifest = ComponentManifest(
    id: "fang-krum",
    summary: "Sends the longest row against the mean's signs that Krum still picks.",
    formula: """
      Δ_a = −λ s with s = sign(μ); λ is halved from √(min_i Σ ‖Δ_i − Δ_l‖² / ((n − 2f − 1) d)) + \
      max_i ‖Δ_i‖ / √d, l over the n − f − 2 known updates nearest to i, until Krum picks Δ_a
      """,
    preconditions: ["knows the honest updates, unless knowledge is partial"],
    citations: [Citation.fangAttacks],
    parameters: [
      AttackerKnowledge.parameter,
      ParameterSpec(
        "least", .positive(), default: .real(1e-5), help: "smallest λ that is tried"),
    ])
  public static let tier = ThreatTier.omniscient

  private let knowledge: AttackerKnowledge
  private let least: Double

  public init(_ arguments: Arguments, setup _: AttackSetup) throws(ConfigurationError) {
    knowledge = AttackerKnowledge(arguments)
    least = arguments.real("least")
  }

  public var threatModel: ThreatModel {
    ThreatModel(surface: .update, knowledge: knowledge.level)
  }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    guard rows.rowCount > 0, let known = knowledge.updates(rows, view),
      let moments = known.meanAndDeviation(pool: view.pool)
    else { return [:] }
    let signs: [Float] = moments.mean.map { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }
    let forgery = KrumForgery(updates: known, signs: signs, pool: view.pool)
    let f = rows.rowCount
    for copies in knowledge.isFull ? f...f : 1...f {
      guard let lambda = forgery.strength(copies: copies, least: least) else { continue }
      rows.fill(with: signs, times: -lambda)
      return ["lambda": lambda, "copies": Double(copies)]
    }
    return ["lambda": 0, "copies": 0]
  }
}
