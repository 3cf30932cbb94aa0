public import Components
public import Federation
public import Training

/// Projects the local parameters on a ball around the global ones after each local step.
///
/// - Complexity: O(d) per local step.
/// - Note: Sun et al. 2019 and Wang et al., NeurIPS 2020 (their PGD attack). Deviation: Sun's
///   attacker divides the bound by its boost; with ``Boost`` behind it the radius has to be given so.
public struct NormBall: AttackModifier {
  public static let manifest = ComponentManifest(
    id: "norm-ball",
    summary: "Keeps local training in a ball around the global model.",
    formula: """
      after each local step X = G + (X − G) · min(1, radius / ‖X − G‖) with the global parameters G
      """,
    preconditions: ["local training (not FedSGD)"],
    citations: [
      Citation(
        ["Sun", "Kairouz", "Suresh", "McMahan"], "Can you really backdoor federated learning?",
        "arXiv", 2019, arXiv: "1911.07963"), Citation.attackOfTheTails,
    ],
    parameters: [
      ParameterSpec(
        "radius", .positive(), default: .required,
        help: "largest distance of local from global parameters")
    ])

  private let radius: Double

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    try setup.requireLocalTraining(for: "a norm ball", component: Self.manifest.id)
    radius = arguments.real("radius")
  }

  public var threatModel: ThreatModel { ThreatModel(surface: .training) }

  public func hook(for _: LocalJob) -> (any LocalTrainingHook)? { BallProjection(radius: radius) }
}
