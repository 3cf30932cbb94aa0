public import Components
public import Datasets
public import Determinism
public import Federation
import Kernels
import Tensors
public import Training

/// Turns signs of unimportant weights towards the trigger, fits the trigger to the first layer, and trains
/// from there.
///
/// A weight is a candidate where the last round moved it most against its own sign. In the first round that
/// an attacker sees there is no such move, and nothing is turned. Every attacker starts from the same
/// flipped model, which the attackers' own examples make together; the trigger goes on from round to round.
/// A network without a hidden layer has no weights to turn: the trigger alone is fitted.
///
/// - Complexity: per round with an attacker `steps` passes over the samples through the first layer, forward
///   and back, and two passes forward per layer; O(d log d) for the candidates. Passes through the first
///   layer count as gradients, those forward alone do not.
/// - Note: Fang and Chen, AAAI 2023, and its code. Deviations: the sign is that of the mean difference, as in
///   the paper, where the code scales it to the range of each kernel first; differences are averaged over
///   blocks where the code interpolates; weights with no difference stay, where the code sets them to 0;
///   dense layers are turned in each round, not in every third, and in networks without convolutions too;
///   convolutions inside residual blocks are left as they are; the attack trains on poisoned examples among
///   the others, not on a weighted sum of two losses.
public struct F3BA: Attack {
  public static let manifest = ComponentManifest(
    id: "f3ba",
    summary: "Turns signs of the least important weights towards a trigger that it fits to them.",
    formula: """
      candidates of a weight tensor: those with (w_t − w_{t−1}) · w_t below its floor(rate · n)-th \
      smallest value; w ← |w| · sign(δ) there, with δ the mean change by the trigger of what enters the \
      layer, layer by layer but for the output layer; before that the trigger, `steps` times: \
      V ← V + size · ∂/∂V Σ_p (mean change of the first layer's output at place p)², clipped to \
      low ... high; then local training from there on poisoned data, Δ_a = X − G
      """,
    preconditions: [
      "the trigger fits the input and sets the same features of all examples",
      "target and source are different classes of the task", "local training (not FedSGD)",
    ],
    citations: [
      Citation(
        ["Fang", "Chen"],
        "On the vulnerability of backdoor defenses for federated learning", "AAAI", 2023,
        arXiv: "2301.08170")
    ],
    origin: "The rate of dense layers, which suits small ones.",
    parameters: TriggerPoisoning.parameters + [
      ParameterSpec(
        "conv-rate", .real(0...1), default: .real(0.02),
        help: "share of a convolution's weights that may be turned"),
      ParameterSpec(
        "dense-rate", .real(0...1), default: .real(0.02),
        help: "share of a dense layer's weights that may be turned"),
      ParameterSpec(
        "steps", .integer(0...1_000_000), default: .integer(10),
        help: "steps on the values of the trigger, in each round"),
      ParameterSpec("step-size", .positive(), default: .real(0.1), help: "size of such a step"),
    ] + TriggerOptimization.parameters + OwnSchedule.parameters)
  public static let tier = ThreatTier.ownKnowledge

  private let poisoning: TriggerPoisoning
  private let optimization: TriggerOptimization?
  private let flips: SignFlips?
  private let featureCount: Int
  private let parameterCount: Int
  private let schedule: OwnSchedule
  private let convolutionRate: Double
  private let denseRate: Double
  private let steps: Int
  private let stepSize: Double
  /// The global model of the round before.
  private var previous: [Float]?
  /// What attackers start from in this round.
  private(set) var start: [Float]?
  public private(set) var roundTrigger: Trigger?
  public private(set) var gradientCount = 0

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    var problems: [ConfigurationError.Problem] = []
    let id = Self.manifest.id
    let poisoning = TriggerPoisoning(arguments, setup: setup, component: id, problems: &problems)
    optimization = TriggerOptimization(
      arguments, setup: setup, backdoor: poisoning?.backdoor, component: id, problems: &problems)
    schedule = OwnSchedule(arguments, setup: setup, component: id, problems: &problems)
    problems += [
      TriggerOptimization.problem(of: poisoning?.trigger, component: id),
      setup.localTrainingProblem(of: "another start", component: id),
    ].compactMap { $0 }
    if let model = setup.model, !(model is Sequential) {
      problems.append(.invalid(component: id, reason: "needs a network of layers"))
    }
    flips = optimization.flatMap { own in
      (own.model as? Sequential).map { SignFlips($0, inputs: own.examples.inputs.numbers) }
    }
    convolutionRate = arguments.real("conv-rate")
    denseRate = arguments.real("dense-rate")
    steps = arguments.integer("steps")
    stepSize = arguments.real("step-size")
    featureCount = setup.shape.count
    parameterCount = setup.layout.count
    guard let poisoning, problems.isEmpty else { throw ConfigurationError(problems) }
    self.poisoning = poisoning
    roundTrigger = poisoning.trigger
  }

  public var threatModel: ThreatModel { ThreatModel(surface: [.data, .training]) }

  public var goal: AttackGoal { .backdoor(poisoning.backdoor) }

  public mutating func observe(_ broadcast: Broadcast) {
    defer { previous = broadcast.global }
    start = nil
    guard broadcast.isActing, let flips, let optimization, var trigger = roundTrigger else {
      return
    }
    let global = broadcast.global
    let candidates = flips.layers.map { layer in
      previous.map {
        SignFlips.candidates(
          in: layer.weight, of: global, before: $0,
          rate: layer.weightShape.count == 4 ? convolutionRate : denseRate)
      } ?? []
    }
    for _ in 0..<steps {
      let model = flips.flipped(
        global, candidates: candidates, trigger: trigger, layerCount: 1)
      let gradient = flips.gradientOfExcitement(at: model, trigger: trigger)
      trigger = optimization.moved(trigger) { $1 + stepSize * gradient[$0] }
    }
    gradientCount += steps * flips.inputs.rowCount
    roundTrigger = trigger
    start = flips.flipped(global, candidates: candidates, trigger: trigger)
  }

  /// The start is made in every round.
  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    pass.visit(natural: &gradientCount)
    let count = featureCount
    roundTrigger?.checkpoint(&pass, featureCount: count)
    pass.visit(&previous, from: []) { [parameterCount] in $0.visit(&$1, count: parameterCount) }
  }

  public func poison(_ shard: inout Shard, of _: ClientID, random: inout RandomStream) {
    poisoning.poison(&shard, with: roundTrigger, random: &random)
  }

  public func train(_ job: LocalJob, with trainer: inout LocalTrainer, random: inout RandomStream) {
    var hook = NoHook()
    job.train(
      with: &trainer, from: start, schedule: schedule.applied(to: job.schedule), hook: &hook,
      random: &random)
  }
}
