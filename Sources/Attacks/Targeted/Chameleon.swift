public import Components
public import Datasets
public import Determinism
public import Federation
import Kernels
import Tensors
public import Training

/// Moves the features of marked examples to those of the target class first, then trains the classifier
/// on them, so that honest training undoes less.
///
/// The hidden layers are trained by the supervised contrastive loss of poisoned data: marked examples are
/// drawn to those of the target class and away from those that they look like. Then they are frozen, and
/// the output layer is trained by cross-entropy. Modifiers act in both stages. The encoder of a
/// perceptron is all layers but the last; without a hidden layer there is none.
///
/// - Complexity: O(n² · features) per contrastive step with batches of n, besides that of training.
/// - Note: Dai and Li, ICML 2023. Deviations: no projection head and no norm bound of its own (the modifier
///   `norm-ball` has one); learning rates do not decay in a stage; a fixed part of the shard is poisoned
///   once. The authors' code can also weigh products of marked examples with one class, which is off in
///   its settings.
public struct Chameleon: Attack {
  public static let manifest = ComponentManifest(
    id: "chameleon",
    summary: "Draws marked examples to the target class in hidden layers, then trains the last.",
    formula: """
      first the hidden layers minimise, on poisoned data, mean over i of −s_i / |P(i)| · Σ over p in P(i) \
      of log(exp(z_i · z_p / T) / Σ over a ≠ i of exp(z_i · z_a / T)), with z the normalized output of the \
      last hidden layer, P(i) the others of the same label in the batch, s_i = `weight` for the target \
      label, else 1; then the output layer alone minimises the cross-entropy; Δ_a = X − G
      """,
    preconditions: [
      "a hidden layer", "the trigger fits the input",
      "target and source are different classes of the task", "local training (not FedSGD)",
    ],
    citations: [
      Citation(
        ["Dai", "Li"],
        "Chameleon: adapting to peer images for planting durable backdoors in federated learning",
        "ICML", 2023, arXiv: "2304.12961"),
      Citation(
        ["Khosla", "Teterwak", "Wang", "Sarna", "Tian", "Isola", "Maschinot", "Liu", "Krishnan"],
        "Supervised contrastive learning", "NeurIPS", 2020, arXiv: "2004.11362"),
    ],
    origin:
      "The defaults of the contrastive stage, but for the temperature; they suit small models.",
    parameters: TriggerPoisoning.parameters + [
      ParameterSpec(
        "contrast-epochs", .integer(1...1_000_000), default: .integer(5),
        help: "passes of the contrastive stage"),
      ParameterSpec(
        "contrast-lr", .positive(), default: .real(0.02),
        help: "learning rate of the contrastive stage"),
      ParameterSpec(
        "temperature", .positive(), default: .real(0.07),
        help: "what products of features are divided by"),
      ParameterSpec(
        "weight", .positive(), default: .real(2),
        help: "how much examples with the target label count in the contrastive stage"),
    ] + OwnSchedule.parameters)
  public static let tier = ThreatTier.ownKnowledge

  private let poisoning: TriggerPoisoning
  private let schedule: OwnSchedule
  private let contrast: SupervisedContrast
  private let contrastEpochs: Int
  private let contrastRate: Float
  private let isOutput: [Bool]

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    var problems: [ConfigurationError.Problem] = []
    let id = Self.manifest.id
    let poisoning = TriggerPoisoning(arguments, setup: setup, component: id, problems: &problems)
    schedule = OwnSchedule(arguments, setup: setup, component: id, problems: &problems)
    if let problem = setup.localTrainingProblem(of: "a contrastive stage", component: id) {
      problems.append(problem)
    }
    let segments = setup.layout.segments
    if !segments.isEmpty && !segments.contains(where: { $0.role == .weight }) {
      problems.append(
        .invalid(
          component: id, reason: "the model has no hidden layer whose features it could move"))
    }
    var isOutput = [Bool](repeating: false, count: setup.layout.count)
    for segment in segments where segment.role == .outputWeight || segment.role == .outputBias {
      for index in segment.range { isOutput[index] = true }
    }
    self.isOutput = isOutput
    contrast = SupervisedContrast(
      temperature: arguments.real("temperature"), target: arguments.integer("target"),
      weight: arguments.real("weight"))
    contrastEpochs = arguments.integer("contrast-epochs")
    contrastRate = Float(arguments.real("contrast-lr"))
    guard let poisoning, problems.isEmpty else { throw ConfigurationError(problems) }
    self.poisoning = poisoning
  }

  public var threatModel: ThreatModel { ThreatModel(surface: [.data, .training]) }

  public var goal: AttackGoal { .backdoor(poisoning.backdoor) }

  public func poison(_ shard: inout Shard, of _: ClientID, random: inout RandomStream) {
    poisoning.poison(&shard, random: &random)
  }

  public func train(_ job: LocalJob, with trainer: inout LocalTrainer, random: inout RandomStream) {
    let own = schedule.applied(to: job.schedule)
    var first = own
    first.length = .epochs(contrastEpochs)
    first.learningRate = contrastRate
    // Weight decay moves what has no gradient, too.
    var contrast = HookPair(
      self.contrast, GradientMask(isOutput.map { !$0 }))
    var order = job.seed.child("contrast").stream()
    job.train(with: &trainer, schedule: first, hook: &contrast, random: &order)
    let encoder = trainer.parameters
    var frozen = GradientMask(isOutput, frozenAt: encoder)
    job.train(with: &trainer, from: encoder, schedule: own, hook: &frozen, random: &random)
  }
}
