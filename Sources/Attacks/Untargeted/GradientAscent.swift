public import Components
public import Determinism
public import Federation
public import Kernels
public import Tensors
public import Training

/// Climbs the loss: every local gradient is negated and scaled before the optimizer step.
///
/// Momentum then accumulates negated gradients; weight decay still pulls to zero, as for honest
/// clients. Local models may diverge, and non-finite ones are removed by the server. Under FedSGD,
/// where a client sends one gradient, the row itself is negated and scaled.
///
/// - Complexity: O(d) per step besides honest training.
/// - Note: The omniscient descent of Blanchard et al., NeurIPS 2017, with the attacker's own data
///   only. With several steps it differs from ``SignFlip``, since the trajectory is another one.
public struct GradientAscent: Attack {
  public static let manifest = ComponentManifest(
    id: "gradient-ascent",
    summary: "Trains uphill: every local gradient is negated.",
    formula: """
      each local step uses −scale · g instead of the gradient g; under FedSGD Δ_a = −scale · Δ_a
      """,
    citations: [
      Citation(
        ["Blanchard", "El Mhamdi", "Guerraoui", "Stainer"],
        "Machine learning with adversaries: Byzantine tolerant gradient descent", "NeurIPS", 2017,
        arXiv: "1703.02757"),
      Citation(
        ["Li", "Ngai", "Ye", "Voigt"],
        """
        Blades: a unified benchmark suite for Byzantine attacks and defenses in federated \
        learning
        """, "IoTDI", 2024, arXiv: "2206.05359"),
    ], origin: "As local ascent in Blades.",
    parameters: [
      ParameterSpec("scale", .positive(), default: .real(1), help: "factor of the negated gradient")
    ])
  public static let tier = ThreatTier.ownKnowledge

  private let scale: Double
  private let isFedSGD: Bool

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    scale = arguments.real("scale")
    isFedSGD = setup.isFedSGD
  }

  public var threatModel: ThreatModel { ThreatModel(surface: isFedSGD ? .update : .training) }

  public func train(_ job: LocalJob, with trainer: inout LocalTrainer, random: inout RandomStream) {
    var hook = GradientScaling(factor: Float(-scale))
    job.train(with: &trainer, hook: &hook, random: &random)
  }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    guard isFedSGD else { return [:] }
    for row in 0..<rows.rowCount { rows.scaleRow(row, by: -scale) }
    return [:]
  }
}
