public import Components
public import Federation
public import Training

/// Mixes the training loss with a distance from the global model.
///
/// - Complexity: O(d) per local step.
/// - Note: Bagdasaryan et al., AISTATS 2020, section 3 (constrain-and-scale without the scaling).
public struct AnomalyLoss: AttackModifier {
  public static let manifest = ComponentManifest(
    id: "anomaly-term",
    summary: "Mixes the training loss with a distance from the global model.",
    formula: """
      local training minimizes alpha · L + (1 − alpha) · L_ano with the loss L of the attack; L_ano is \
      1 − cos(X, G) or ‖X − G‖² of local and global parameters
      """,
    preconditions: ["local training (not FedSGD)"],
    citations: [Citation.modelReplacement],
    parameters: [
      ParameterSpec(
        "kind", .choice(AnomalyTerm.Kind.allCases.map(\.rawValue)), default: .text("cosine"),
        help: "what is measured between local and global parameters"),
      ParameterSpec(
        "alpha", .real(0...1), default: .real(0.5),
        help: "share of the attack's own loss; the rest goes to the anomaly term"),
    ])

  private let term: AnomalyTerm

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    try setup.requireLocalTraining(for: "an anomaly term", component: Self.manifest.id)
    term = AnomalyTerm(
      kind: AnomalyTerm.Kind(rawValue: arguments.text("kind")) ?? .cosine,
      alpha: arguments.real("alpha"))
  }

  public var threatModel: ThreatModel { ThreatModel(surface: .training) }

  public func hook(for _: LocalJob) -> (any LocalTrainingHook)? { term }
}
