public import Components
public import Federation
import Tensors
public import Training

/// Trains only coordinates that the last global step hardly moved.
///
/// Until a second global model was seen every coordinate is trained.
///
/// - Complexity: O(d) per round and local step.
/// - Note: Zhang et al., Neurotoxin, ICML 2022, Algorithm 1; there the benign direction may also be
///   a gradient on the attacker's own data, as in ``Neurotoxin`` under `clean-gradient`. Momentum and
///   weight decay leave masked coordinates alone here.
public struct GradientMasking: AttackModifier {
  public static let manifest = ComponentManifest(
    id: "gradient-mask",
    summary: "Trains only coordinates that the last global step hardly moved.",
    formula: """
      of d coordinates the floor(keep · d) of smallest |w_t − w_(t−1)| are trained, ties to the lower \
      index; the others stay at the global value
      """,
    preconditions: ["local training (not FedSGD)"],
    citations: [Citation.neurotoxin],
    parameters: [CoordinateMask.parameter(default: 0.95)])

  private let parameterCount: Int
  private var mask: CoordinateMask

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    try setup.requireLocalTraining(for: "a gradient mask", component: Self.manifest.id)
    mask = CoordinateMask(keep: arguments.real("keep"))
    parameterCount = setup.layout.count
  }

  public var threatModel: ThreatModel { ThreatModel(surface: .training) }

  public mutating func observe(_ broadcast: Broadcast) { mask.observe(broadcast) }

  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    mask.checkpoint(&pass, parameterCount: parameterCount)
  }

  public func hook(for _: LocalJob) -> (any LocalTrainingHook)? { mask.hook }
}
