public import Components
public import Datasets
public import Determinism
public import Federation
public import Kernels
public import Tensors
public import Training

/// Trains on examples with a trigger and the target label, and may boost the result.
///
/// Boost 1 is plain data poisoning; boost b sends b · (X − G). All-to-one without a source class,
/// source-to-target with one.
///
/// A ratio too small for one example poisons nothing. The boost is recorded as `boost`.
///
/// - Complexity: O(examples) once per client, and O(f d) per round if boosted.
/// - Note: Gu, Dolan-Gavitt, Garg, "BadNets", 2017; in federated learning and with boosting
///   Bagdasaryan, Veit, Hua, Estrin, Shmatikov, AISTATS 2020. Deviation: a fixed part of the shard
///   is poisoned once, not a part of each batch.
public struct BackdoorAttack: Attack {
  public static let manifest = ComponentManifest(
    id: "backdoor",
    summary: "Trains on triggered examples with the target label; boost scales the update.",
    formula: """
      floor(ratio · m) of the client's m examples (of its source-class examples, if there is a \
      source) get the trigger and the label `target`; Δ_a = boost · (X − G), where X is trained on \
      the poisoned data
      """,
    preconditions: [
      "the trigger fits the input", "target and source are different classes of the task",
    ],
    citations: [
      Citation(
        ["Gu", "Dolan-Gavitt", "Garg"],
        "BadNets: identifying vulnerabilities in the machine learning model supply chain",
        "arXiv", 2017, arXiv: "1708.06733"),
      Citation.modelReplacement,
    ], origin: "The second one in federated learning, with boosting.",
    parameters: TriggerPoisoning.parameters + [
      ParameterSpec(
        "boost", .positive(), default: .real(1),
        help: "factor of the sent update; 1 is data poisoning alone")
    ] + OwnSchedule.parameters)
  public static let tier = ThreatTier.dataOnly

  private let poisoning: TriggerPoisoning
  private let schedule: OwnSchedule
  private let boost: BoostFactor

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    var problems: [ConfigurationError.Problem] = []
    let id = Self.manifest.id
    let poisoning = TriggerPoisoning(arguments, setup: setup, component: id, problems: &problems)
    schedule = OwnSchedule(arguments, setup: setup, component: id, problems: &problems)
    boost = BoostFactor(arguments.real("boost"))
    guard let poisoning, problems.isEmpty else { throw ConfigurationError(problems) }
    self.poisoning = poisoning
  }

  public var threatModel: ThreatModel {
    var surface = ThreatModel.Surface.data
    if schedule.isOwn { surface.insert(.training) }
    if !boost.isNone { surface.insert(.update) }
    return ThreatModel(surface: surface)
  }

  public var goal: AttackGoal { .backdoor(poisoning.backdoor) }

  public func poisonRequest(of _: ClientID) -> PoisonRequest? { poisoning.request() }

  public func poison(_ shard: inout Shard, of _: ClientID, random: inout RandomStream) {
    poisoning.poison(&shard, random: &random)
  }

  public func train(_ job: LocalJob, with trainer: inout LocalTrainer, random: inout RandomStream) {
    job.train(with: &trainer, schedule: schedule.applied(to: job.schedule), random: &random)
  }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    boost.apply(to: &rows, view, as: "boost")
  }
}
