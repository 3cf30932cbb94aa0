public import Components
public import Datasets
public import Determinism
public import Federation
public import Kernels
public import Tensors
public import Training

/// Trains a backdoor in coordinates that the last global step hardly moved, so that it lasts.
///
/// The parts of ``GradientMasking`` and ``NormBound`` around the data of ``BackdoorAttack``. Recorded
/// are the number of trained coordinates as `kept` and, with a norm bound, that of shortened rows as
/// `shortened`.
///
/// - Complexity: O(d) per round and local step, O(f d) per round with a norm bound.
/// - Note: Zhang et al., ICML 2022, Algorithm 1. Deviations: the benign direction is the last change
///   of the global model, not also a gradient on own data; masked coordinates stay in place under
///   momentum and weight decay too; of equal magnitudes the lower index is trained.
public struct Neurotoxin: Attack {
  public static let manifest = ComponentManifest(
    id: "neurotoxin",
    summary: "Trains a backdoor where the global model hardly moves, so that it lasts.",
    formula: """
      X is trained on poisoned data in the floor(keep · d) coordinates of smallest |w_t − w_(t−1)| \
      alone; Δ_a = (X − G) · min(1, S / ‖X − G‖) with a norm bound S
      """,
    preconditions: [
      "the trigger fits the input", "target and source are different classes of the task",
      "local training (not FedSGD)",
    ],
    citations: [Citation.neurotoxin],
    parameters: TriggerPoisoning.parameters + [
      CoordinateMask.parameter(default: 0.95), NormCap.parameter,
    ] + OwnSchedule.parameters)
  public static let tier = ThreatTier.ownKnowledge

  private let poisoning: TriggerPoisoning
  private let schedule: OwnSchedule
  private let cap: NormCap?
  private var mask: CoordinateMask

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    var problems: [ConfigurationError.Problem] = []
    let id = Self.manifest.id
    let poisoning = TriggerPoisoning(arguments, setup: setup, component: id, problems: &problems)
    schedule = OwnSchedule(arguments, setup: setup, component: id, problems: &problems)
    cap = NormCap(arguments)
    mask = CoordinateMask(keep: arguments.real("keep"))
    if let problem = setup.localTrainingProblem(of: "a gradient mask", component: id) {
      problems.append(problem)
    }
    guard let poisoning, problems.isEmpty else { throw ConfigurationError(problems) }
    self.poisoning = poisoning
  }

  public var threatModel: ThreatModel {
    ThreatModel(surface: cap == nil ? [.data, .training] : [.data, .training, .update])
  }

  public var goal: AttackGoal { .backdoor(poisoning.backdoor) }

  public mutating func observe(_ broadcast: Broadcast) { mask.observe(broadcast) }

  public func poison(_ shard: inout Shard, of _: ClientID, random: inout RandomStream) {
    poisoning.poison(&shard, random: &random)
  }

  public func train(_ job: LocalJob, with trainer: inout LocalTrainer, random: inout RandomStream) {
    let schedule = schedule.applied(to: job.schedule)
    if var hook = mask.hook {
      job.train(with: &trainer, schedule: schedule, hook: &hook, random: &random)
    } else {
      job.train(with: &trainer, schedule: schedule, random: &random)
    }
  }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    guard rows.rowCount > 0 else { return [:] }
    var figures: [String: Double] = [:]
    if mask.keptCount > 0 { figures["kept"] = Double(mask.keptCount) }
    if let cap { figures["shortened"] = Double(cap.apply(to: &rows)) }
    return figures
  }
}
