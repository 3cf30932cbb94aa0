public import Components
public import Determinism
public import Federation
public import Kernels
public import Tensors

/// All attackers send what one honest client sends, which over-represents its data.
///
/// `victim` names an honest client by its number. `auto` chooses: in each of the first `warm-up`
/// rounds in which the attack acts it moves its estimate z of the direction in which honest updates
/// differ most, adds ⟨z, Δ_i⟩ to the sum of each honest client i, and copies the client whose
/// sum is largest in magnitude, of equal ones that of the lowest number. After these rounds the sums
/// stay, so the victim is fixed; where it takes no part in a round, the next one that does is copied.
///
/// Recorded is the copied client as `victim`. Equal updates have no such direction: the lowest client
/// is copied. Where no honest client takes part, or a given victim does not, rows stay what they
/// are, and nothing is recorded.
///
/// - Complexity: O(h d) per round of the warm-up, O(n² d) in the first, O(f d) afterwards; memory for
///   two vectors.
/// - Note: Karimireddy, He, Jaggi, ICLR 2022. Deviations: z starts at the principal direction of the
///   first round rather than at random, and the sums are of ⟨z, Δ_i⟩ with the z of their round, so
///   that no update has to be kept. The authors' code takes the largest product of the last round with
///   its sign, which does not mean anything. Rounds count where the attack acts.
public struct Mimic: Attack {
  public static let manifest = ComponentManifest(
    id: "mimic",
    summary: "Copies the update of one honest client.",
    formula: """
      Δ_a = Δ_v; auto: v maximizes |Σ_t ⟨z_t, Δ_i,t⟩| over the honest clients i, t over the first \
      warm-up rounds, where z_t estimates the principal direction of the honest updates by Oja's rule
      """,
    preconditions: ["knows the honest updates", "a given victim is no attacker"],
    citations: [
      Citation(
        ["Karimireddy", "He", "Jaggi"],
        "Byzantine-robust learning on heterogeneous datasets via bucketing", "ICLR", 2022,
        arXiv: "2006.09365")
    ],
    parameters: [
      ParameterSpec(
        "victim", .integer(0...1_000_000_000, orWords: ["auto"]), default: .text("auto"),
        help: "number of the copied client; auto looks for the one that hurts most"),
      ParameterSpec(
        "warm-up", .integer(1...1_000_000_000), default: .integer(10),
        help: "rounds of the attack after which auto has chosen"),
    ])
  public static let tier = ThreatTier.omniscient

  private let victim: ClientID?
  private let warmUp: Int
  private let parameterCount: Int
  private var direction = PrincipalDirection()
  private var scores: [ClientID: Double] = [:]
  private var actedRounds = 0

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    victim = arguments.wholeNumber("victim").map { ClientID($0) }
    warmUp = arguments.integer("warm-up")
    parameterCount = setup.layout.count
    if let victim, setup.controlled.contains(victim) {
      throw ConfigurationError(
        .invalid(
          component: Self.manifest.id,
          reason: "victim \(victim.index) is an attacker; it has to be an honest client"))
    }
  }

  public var threatModel: ThreatModel {
    ThreatModel(surface: .update, knowledge: .honestUpdates)
  }

  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    guard victim == nil else { return }
    pass.visit(&actedRounds, in: 0...warmUp)
    pass.visit(&scores, from: 0) { $0.visit(&$1) }
    direction.checkpoint(&pass, parameterCount: parameterCount)
  }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    guard rows.rowCount > 0, let honest = view.honest, !honest.rows.isEmpty else { return [:] }
    if victim == nil && actedRounds < warmUp { observe(honest, pool: view.pool) }
    guard let index = victim.map({ honest.clients.firstIndex(of: $0) }) ?? best(of: honest) else {
      return [:]
    }
    for row in 0..<rows.rowCount { rows.setRow(row, toRow: honest.rows[index], of: honest.all) }
    return ["victim": Double(honest.clients[index].index)]
  }

  private mutating func observe(_ honest: HonestUpdates, pool: WorkPool) {
    actedRounds += 1
    direction.observe(honest, pool: pool)
    if let values = direction.values {
      let products = honest.all.products(with: values, pool: pool)
      for (row, client) in zip(honest.rows, honest.clients) {
        scores[client, default: 0] += products[row]
      }
    }
    // Nobody asks for it after the warm-up.
    if actedRounds == warmUp { direction = PrincipalDirection() }
  }

  /// The index of the honest client of the largest sum; the first of equal ones.
  private func best(of honest: HonestUpdates) -> Int? {
    let sums = honest.clients.map { abs(scores[$0] ?? 0) }
    return sums.indices.max { sums[$0] < sums[$1] || (sums[$0] == sums[$1] && $0 > $1) }
  }
}
