public import Components
public import Determinism
public import Federation
public import Kernels
public import Tensors

/// Sends the negative of what was honestly trained: Δ_a = −scale · Δ_a.
///
/// With more than one local step this is not ``GradientAscent``: the direction is that of honest
/// training, reversed once at the end. Zero rows stay zero.
///
/// - Complexity: O(f d).
/// - Note: Li, Xu, Chen, Giannakis, Ling, "RSA", AAAI 2019, which flips with a factor of 4; the
///   scale of 1 is the common choice elsewhere.
public struct SignFlip: Attack {
  public static let manifest = ComponentManifest(
    id: "sign-flip",
    summary: "Sends the negative of the honest update.",
    formula: "Δ_a = −scale · Δ_a, where Δ_a is what the attacker trained honestly",
    citations: [
      Citation(
        ["Li", "Xu", "Chen", "Giannakis", "Ling"],
        """
        RSA: Byzantine-robust stochastic aggregation methods for distributed learning from \
        heterogeneous datasets
        """, "AAAI", 2019, arXiv: "1811.03761")
    ],
    parameters: [
      ParameterSpec(
        "scale", .positive(), default: .real(1), help: "how much longer than the honest update")
    ])
  public static let tier = ThreatTier.ownKnowledge

  private let scale: Double

  public init(_ arguments: Arguments, setup _: AttackSetup) throws(ConfigurationError) {
    scale = arguments.real("scale")
  }

  public var threatModel: ThreatModel { ThreatModel(surface: .update) }

  public var craftsRowByRow: Bool { true }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    for row in 0..<rows.rowCount { rows.scaleRow(row, by: -scale) }
    return [:]
  }
}
