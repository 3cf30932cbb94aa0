public import Components
public import Datasets
public import Determinism
public import Federation
public import Kernels
public import Tensors
public import Training

/// Trains a backdoored model X and sends γ (X − G), so that the average becomes X.
///
/// If the honest updates are zero, γ = 1 / (server rate · weight share of the attackers) puts X in
/// the place of the global model exactly; under equal weights that is participants / (server rate ·
/// attackers). `gamma: auto` takes this value in every round, for the attackers that take part.
///
/// *Constrain-and-scale* (`alpha` below 1): local training minimizes alpha · L_class +
/// (1 − alpha) · L_ano, with a real gradient of L_ano, which is 1 − cos(X, G) or ‖X − G‖².
/// *Train-and-scale* (`norm-bound` S): γ' = min(γ, S / ‖X − G‖), and γ where X = G.
///
/// The resolved γ is recorded as `gamma`; where a norm bound makes rows differ that is the largest,
/// and the smallest is recorded as `gamma.min`.
///
/// - Complexity: O(d) per local step with an anomaly term, O(f d) per round.
/// - Note: Bagdasaryan, Veit, Hua, Estrin, Shmatikov, AISTATS 2020, sections 3 and 4. Deviations:
///   γ follows the round's weights, not n/η with all clients as n, which replaces ten times over
///   where a tenth takes part; training lasts a given number of epochs and does not stop early.
public struct ModelReplacement: Attack {
  public static let manifest = ComponentManifest(
    id: "model-replacement",
    summary: "Boosts a backdoored model so that it replaces the global one.",
    formula: """
      Δ_a = γ' (X − G); X minimizes alpha · L_class + (1 − alpha) · L_ano on poisoned data; \
      γ' = min(γ, S / ‖X − G‖) with a norm bound S, else γ; auto: γ = participants / (server rate · \
      attackers), in general 1 / (server rate · weight share of the attackers)
      """,
    preconditions: [
      "the trigger fits the input", "target and source are different classes of the task",
      "alpha below 1 and an own schedule need local training (not FedSGD)",
    ],
    citations: [Citation.modelReplacement],
    parameters: TriggerPoisoning.parameters + [
      BoostFactor.parameter(default: .text("auto")),
      ParameterSpec(
        "alpha", .real(0...1), default: .real(1),
        help: "share of the classification loss; the rest goes to the anomaly term"),
      ParameterSpec(
        "anomaly", .choice(AnomalyTerm.Kind.allCases.map(\.rawValue)), default: .text("cosine"),
        help: "what the anomaly term measures between local and global parameters"),
      NormCap.parameter,
    ] + OwnSchedule.parameters)
  public static let tier = ThreatTier.ownKnowledge

  private let poisoning: TriggerPoisoning
  private let schedule: OwnSchedule
  private let boost: BoostFactor
  private let alpha: Double
  private let anomaly: AnomalyTerm.Kind
  private let cap: NormCap?

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    var problems: [ConfigurationError.Problem] = []
    let id = Self.manifest.id
    let poisoning = TriggerPoisoning(arguments, setup: setup, component: id, problems: &problems)
    schedule = OwnSchedule(arguments, setup: setup, component: id, problems: &problems)
    boost = BoostFactor(arguments, setup: setup, component: id, problems: &problems)
    cap = NormCap(arguments)
    alpha = arguments.real("alpha")
    anomaly = AnomalyTerm.Kind(rawValue: arguments.word("anomaly") ?? "") ?? .cosine
    if alpha < 1, let problem = setup.localTrainingProblem(of: "alpha below 1", component: id) {
      problems.append(problem)
    }
    guard let poisoning, problems.isEmpty else { throw ConfigurationError(problems) }
    self.poisoning = poisoning
  }

  public var threatModel: ThreatModel {
    let trains = schedule.isOwn || alpha < 1
    return ThreatModel(surface: trains ? [.data, .training, .update] : [.data, .update])
  }

  public var goal: AttackGoal { .backdoor(poisoning.backdoor) }

  public func poisonRequest(of _: ClientID) -> PoisonRequest? { poisoning.request() }

  public func poison(_ shard: inout Shard, of _: ClientID, random: inout RandomStream) {
    poisoning.poison(&shard, random: &random)
  }

  public func train(_ job: LocalJob, with trainer: inout LocalTrainer, random: inout RandomStream) {
    let schedule = schedule.applied(to: job.schedule)
    if alpha < 1 {
      var hook = AnomalyTerm(kind: anomaly, alpha: alpha)
      job.train(with: &trainer, schedule: schedule, hook: &hook, random: &random)
    } else {
      job.train(with: &trainer, schedule: schedule, random: &random)
    }
  }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    boost.apply(to: &rows, view, cap: cap, as: "gamma")
  }
}
