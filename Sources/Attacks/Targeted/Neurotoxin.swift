public import Components
public import Datasets
public import Determinism
public import Federation
public import Kernels
public import Tensors
public import Training

/// Trains a backdoor in coordinates that benign clients hardly move, so that it lasts.
///
/// The parts of ``GradientMasking`` and ``NormBound`` around the data of ``BackdoorAttack``. Recorded
/// are the number of trained coordinates as `kept` and, with a norm bound, that of shortened rows as
/// `shortened`.
///
/// Which coordinates benign clients move is read off a `reference`:
/// - `broadcast`: the last change of the global model, one for all attackers. In the first round there
///   is none, and all coordinates are trained. It holds what attackers themselves added in the round
///   before, so that those who act in every round mask their own backdoor.
/// - `clean-gradient`: the gradient at the global model on the client's own unpoisoned examples, in the
///   first round too. Coordinates whose gradient is exactly 0, such as the weights of a pixel that is
///   dark in all examples, are trained first. Without such examples (a bare matrix) all are trained.
///
/// - Complexity: O(d) per round and local step, O(f d) per round with a norm bound; `clean-gradient`
///   takes one more gradient per client, round and example, unless `keep` masks nothing.
/// - Note: Zhang et al., ICML 2022, Algorithm 1; the authors' code takes the gradient on clean data.
///   Deviations: masked coordinates stay in place under momentum and weight decay too; of equal
///   magnitudes the lower index is trained.
public struct Neurotoxin: Attack {
  private enum Reference: String, CaseIterable {
    case broadcast
    case cleanGradient = "clean-gradient"
  }

  public static let manifest = ComponentManifest(
    id: "neurotoxin",
    summary: "Trains a backdoor where benign clients hardly move the model, so that it lasts.",
    formula: """
      X is trained on poisoned data in the floor(keep · d) coordinates of smallest |g| alone; \
      g = w_t − w_(t−1) (broadcast) or the mean over the client's own clean examples of ∇L(w_t) \
      (clean-gradient); Δ_a = (X − G) · min(1, S / ‖X − G‖) with a norm bound S
      """,
    preconditions: [
      "the trigger fits the input", "target and source are different classes of the task",
      "local training (not FedSGD)",
    ],
    citations: [Citation.neurotoxin],
    parameters: TriggerPoisoning.parameters + [
      CoordinateMask.parameter(default: 0.95),
      ParameterSpec(
        "reference", .choice(Reference.allCases.map(\.rawValue)), default: .text("broadcast"),
        help: "what says where benign clients move: the last global step, or own clean data"),
      NormCap.parameter,
    ] + OwnSchedule.parameters)
  public static let tier = ThreatTier.ownKnowledge

  private let poisoning: TriggerPoisoning
  private let schedule: OwnSchedule
  private let cap: NormCap?
  private let keep: Double
  private let parameterCount: Int
  private var mask: CoordinateMask
  /// The unpoisoned examples of each controlled client; `nil` under `broadcast`.
  private let clean: [ClientID: Shard]?
  /// The number of coordinates that are trained in the round; 0 before the first one.
  private var keptCount = 0

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    var problems: [ConfigurationError.Problem] = []
    let id = Self.manifest.id
    let poisoning = TriggerPoisoning(arguments, setup: setup, component: id, problems: &problems)
    schedule = OwnSchedule(arguments, setup: setup, component: id, problems: &problems)
    cap = NormCap(arguments)
    keep = arguments.real("keep")
    mask = CoordinateMask(keep: keep)
    parameterCount = setup.layout.count
    clean =
      Reference(rawValue: arguments.text("reference")) == .cleanGradient
      ? Dictionary(zip(setup.controlled, setup.shards)) { first, _ in first } : nil
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

  public mutating func observe(_ broadcast: Broadcast) {
    guard let clean else {
      mask.observe(broadcast)
      keptCount = mask.keptCount
      return
    }
    guard broadcast.isActing else { return }
    let count = broadcast.global.count
    keptCount = clean.isEmpty ? count : CoordinateMask.count(keep, of: count)
  }

  /// Under `clean-gradient` each round stands for itself.
  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    if clean == nil { mask.checkpoint(&pass, parameterCount: parameterCount) }
  }

  public func poison(_ shard: inout Shard, of _: ClientID, random: inout RandomStream) {
    poisoning.poison(&shard, random: &random)
  }

  public func train(_ job: LocalJob, with trainer: inout LocalTrainer, random: inout RandomStream) {
    let schedule = schedule.applied(to: job.schedule)
    if var hook = hook(for: job, with: &trainer) {
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
    if keptCount > 0 { figures["kept"] = Double(keptCount) }
    if let cap { figures["shortened"] = Double(cap.apply(to: &rows)) }
    return figures
  }

  /// Returns what masks the training of one client; `nil` where it trains all coordinates.
  private func hook(for job: LocalJob, with trainer: inout LocalTrainer) -> GradientMask? {
    guard let clean else { return mask.hook }
    guard keptCount < job.global.count, let shard = clean[job.client], shard.count > 0 else {
      return nil
    }
    return CoordinateMask.hook(
      keep: keep, by: CleanGradient.mean(over: shard, of: job, with: &trainer))
  }
}
