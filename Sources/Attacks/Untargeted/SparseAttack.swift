public import Components
public import Determinism
public import Federation
public import Kernels
public import Tensors

/// Moves a few sensitive weights far and all others a little, each in honest deviations.
///
/// The floor(keep · d) weights (at least one) of largest |w_j μ_j| are taken for sensitive: what
/// the loss loses to first order without the weight, as pruning at the start of training has it.
/// They are chosen in the first round in which the attack acts, and stay. Where no model is known
/// (a bare matrix), or the product is zero everywhere, |μ_j| decides. Of equal magnitudes the
/// higher index is taken.
///
/// z is as in ALIE for the n and f of the round, at least 0, and 10 where attackers are a majority.
/// The resolved z is recorded as `z`, the number of sensitive weights as `sensitive`. All attackers
/// send the same row. One honest row has no deviation, and is sent. Where no honest client takes
/// part rows stay what they are.
///
/// - Complexity: O((h + f) d) per round, and memory for one vector.
/// - Note: Özfatura, Özfatura, Büyükateş, Coşkuner, Küpçü, Gündüz, arXiv 2404.06230, whose mask
///   comes from iterative pruning (FORCE) on data. Deviations: the mask is that of one step of
///   pruning, by the honest mean instead of a gradient, over all layers at once; deviations are
///   those of the population; with `sign` std the paper's momenta are the negatives of updates, so
///   that coordinates move the other way.
public struct SparseAttack: Attack {
  public static let manifest = ComponentManifest(
    id: "sparse",
    summary: "Moves a few sensitive weights far and all others a little.",
    formula: """
      Δ_a = μ − m ⊙ σ ⊙ s with mean μ and deviation σ of the honest updates; m_j = scale for the \
      floor(keep · d) weights of largest |w_j μ_j| and z elsewhere; s = 1 (std) or sign(μ) (mean); \
      auto: z = max(0, Φ⁻¹((n − f − k) / (n − f))), k = floor(n / 2 + 1) − f
      """,
    preconditions: ["knows the honest updates"],
    citations: [
      Citation(
        ["Özfatura", "Özfatura", "Büyükateş", "Coşkuner", "Küpçü", "Gündüz"],
        """
        Aggressive, imperceptible, or both: architecture-aware hybrid Byzantines in federated \
        learning
        """, "arXiv", 2026, arXiv: "2404.06230")
    ],
    origin: "Defaults as in the authors' library.",
    parameters: [
      ParameterSpec(
        "keep", .real(0...1), default: .real(0.005), help: "share of the weights that move far"),
      ParameterSpec(
        "scale", .real(0 ... .greatestFiniteMagnitude), default: .real(1.5),
        help: "how many deviations the sensitive weights move"),
      ParameterSpec(
        "z", .real(0 ... .greatestFiniteMagnitude, orWords: ["auto"]), default: .text("auto"),
        help: "how many deviations the others move; auto as ALIE"),
      ParameterSpec(
        "sign", .choice(["std", "mean"]), default: .text("std"),
        help: "which way: all down, or towards and beyond zero against the honest mean"),
    ])
  public static let tier = ThreatTier.omniscient

  /// The z where attackers need no supporter.
  static let largestZ = 10.0

  private let keep: Double
  private let scale: Double
  private let z: Double?
  private let followsMean: Bool
  private let parameterCount: Int
  private var isSensitive: [Bool] = []

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    keep = arguments.real("keep")
    scale = arguments.real("scale")
    z = arguments.number("z")
    followsMean = arguments.word("sign") == "mean"
    parameterCount = setup.layout.count
  }

  public var threatModel: ThreatModel {
    ThreatModel(surface: .update, knowledge: .honestUpdates)
  }

  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.visit(&isSensitive)
    pass.require(
      isSensitive.isEmpty || isSensitive.count == parameterCount,
      "a mask of \(isSensitive.count) is not of \(parameterCount) parameters")
  }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    guard rows.rowCount > 0,
      let (mean, deviation) = view.honest?.meanAndDeviation(pool: view.pool)
    else { return [:] }
    if isSensitive.count != mean.count { isSensitive = sensitive(mean, weights: view.global) }
    let z =
      z
      ?? ALIEStrength.z(
        participants: view.participantCount, attackers: rows.rowCount, limit: Self.largestZ)
    rows.fill(
      with: mean.indices.map { column in
        let sign: Double =
          followsMean ? (mean[column] > 0 ? 1 : mean[column] < 0 ? -1 : 0) : 1
        return mean[column] - (isSensitive[column] ? scale : z) * deviation[column] * sign
      })
    return ["z": z, "sensitive": Double(isSensitive.count { $0 })]
  }

  private func sensitive(_ mean: [Double], weights: [Float]) -> [Bool] {
    var scores =
      weights.count == mean.count ? zip(weights, mean).map { Float(Double($0) * $1) } : []
    if scores.allSatisfy({ $0 == 0 }) { scores = mean.map { Float($0) } }
    guard !scores.isEmpty else { return [] }
    let rest = mean.count - CoordinateMask.count(keep, of: mean.count)
    return CoordinateMask.smallest(rest, of: scores).map { !$0 }
  }
}
