public import Components
import Datasets
public import Determinism
public import Federation
public import Kernels
public import Tensors
public import Training

/// Trains a backdoor near its own honest model, then hides each coordinate in the honest spread.
///
/// Each controlled client first trains as honest ones do, on its clean data, which gives M. From there
/// it trains on poisoned data, drawn anew each round, and minimizes alpha · L + (1 − alpha) · ‖X − M‖².
/// What it sends is clamped into μ ± z σ of the honest rows, as by ``ALIEClamp``; where no honest client
/// takes part it is sent as it is. The share of changed coordinates is recorded as `clamped`.
///
/// - Complexity: twice an honest client's training, O((h + f) d) per round.
/// - Note: Baruch, Baruch, Goldberg, NeurIPS 2019, section 3.4. Deviations: M is the client's own honest
///   model, not the mean of the corrupted ones, which do not see each other here; the distance is not
///   divided by the deviations; the spread is that of the honest rows, not an estimate from the
///   attackers' own.
public struct ALIEBackdoor: Attack {
  public static let manifest = ComponentManifest(
    id: "alie-backdoor",
    summary: "Trains a backdoor near its honest model and clamps it into the honest spread.",
    formula: """
      M is trained on clean data; from M, X minimizes alpha · L + (1 − alpha) · ‖X − M‖² on data of \
      which floor(ratio · m) of m examples are poisoned; \
      Δ_a,j = min(max(X_j − G_j, μ_j − z σ_j), μ_j + z σ_j) with μ and σ of the honest rows
      """,
    preconditions: [
      "the trigger fits the input", "target and source are different classes of the task",
      "knows the honest updates", "local training (not FedSGD)",
    ],
    citations: [Citation.aLittleIsEnough],
    parameters: TriggerPoisoning.parameters + [
      ParameterSpec(
        "z", .real(0 ... .greatestFiniteMagnitude), default: .real(1.5),
        help: "how many standard deviations from the honest mean are allowed"),
      ParameterSpec(
        "alpha", .real(0...1), default: .real(0.2),
        help: "share of the classification loss; the rest goes to the distance from M"),
    ] + OwnSchedule.parameters)
  public static let tier = ThreatTier.omniscient

  private let poisoning: TriggerPoisoning
  private let schedule: OwnSchedule
  private let clamp: SpreadClamp
  private let alpha: Double

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    var problems: [ConfigurationError.Problem] = []
    let id = Self.manifest.id
    let poisoning = TriggerPoisoning(arguments, setup: setup, component: id, problems: &problems)
    schedule = OwnSchedule(arguments, setup: setup, component: id, problems: &problems)
    clamp = SpreadClamp(z: arguments.real("z"))
    alpha = arguments.real("alpha")
    if let problem = setup.localTrainingProblem(of: "training near a model", component: id) {
      problems.append(problem)
    }
    guard let poisoning, problems.isEmpty else { throw ConfigurationError(problems) }
    self.poisoning = poisoning
  }

  public var threatModel: ThreatModel {
    ThreatModel(surface: [.training, .update], knowledge: .honestUpdates)
  }

  public var goal: AttackGoal { .backdoor(poisoning.backdoor) }

  public func train(_ job: LocalJob, with trainer: inout LocalTrainer, random: inout RandomStream) {
    job.train(with: &trainer, random: &random)
    let center = trainer.parameters
    var shard = job.shard
    var drawing = job.seed.child("poison").stream()
    poisoning.poison(&shard, random: &drawing)
    var hook = DistanceTerm(.square, lossShare: alpha, weight: 1 - alpha, center: center)
    job.train(
      with: &trainer, from: center, on: shard, schedule: schedule.applied(to: job.schedule),
      hook: &hook, random: &random)
  }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    clamp.apply(to: &rows, view).map { ["clamped": $0] } ?? [:]
  }
}
