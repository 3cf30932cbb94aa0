public import Components
public import Datasets
public import Determinism
public import Federation
import Kernels
import Tensors
import Training

/// Poisons data with a trigger that is optimised, in each round, to work on the global model and on
/// one that was trained to unlearn it.
///
/// What honest clients do to a backdoor is guessed by the worst case: the global model is trained to
/// take marked examples for what they are. Positions are the scenario's; values go on from the round
/// before. The trigger stays as it is where no controlled client acts, or none has an example that
/// counts. Clients train as told on the poisoned data.
///
/// - Complexity: steps · (unlearn-steps + 2) passes over the samples, forward and back, per round with
///   an attacker.
/// - Note: Zhang et al., NeurIPS 2023, Algorithm 1. Deviations: unlearning is by full gradients without
///   momentum; the cosine that weighs the unlearned model is that of the parameters, where the authors'
///   code takes the mean cosine of the gradients of convolutions; a fixed part of the shard is
///   poisoned, drawn anew in each round.
public struct A3FL: Attack {
  public static let manifest = ComponentManifest(
    id: "a3fl",
    summary: "Poisons data with a trigger optimised against a model that unlearns it.",
    formula: """
      `steps` times: θ' = w_t after `unlearn-steps` steps of size `unlearn-rate` down the mean \
      cross-entropy of τ(x) with its true label (anew every `every` steps), \
      λ = `balance` · cos(θ', w_t), \
      V ← clip(V − rate · sign(∂/∂V [L(w_t; τ) + λ L(θ'; τ)]), low, high), with L the mean \
      cross-entropy with the target as label over examples of all controlled clients; \
      floor(ratio · m) of the m examples of a client get the trigger and the label `target`
      """,
    preconditions: [
      "the trigger fits the input and sets the same features of all examples",
      "target and source are different classes of the task",
    ],
    citations: [
      Citation(
        ["Zhang", "Jia", "Chen", "Lin", "Wu"],
        "A3FL: adversarially adaptive backdoor attacks to federated learning", "NeurIPS", 2023)
    ],
    origin: "The defaults, which suit small models.",
    parameters: TriggerPoisoning.parameters + [
      ParameterSpec(
        "steps", .integer(0...1_000_000), default: .integer(20),
        help: "steps on the values of the trigger, in each round"),
      ParameterSpec(
        "rate", .positive(), default: .real(0.05),
        help: "size of a step on the values, as the model sees them"),
      ParameterSpec(
        "balance", .real(0...1e6), default: .real(1),
        help: "weight of the model that unlearns, before its cosine; 0: the global model alone"),
      ParameterSpec(
        "every", .integer(1...1_000_000), default: .integer(5),
        help: "steps on the trigger between two unlearnings"),
      ParameterSpec(
        "unlearn-steps", .integer(0...1_000_000), default: .integer(5),
        help: "steps of unlearning"),
      ParameterSpec(
        "unlearn-rate", .positive(), default: .real(0.1), help: "learning rate of unlearning"),
    ] + TriggerOptimization.parameters)
  public static let tier = ThreatTier.dataOnly

  private let poisoning: TriggerPoisoning
  private var optimization: TriggerOptimization?
  private let featureCount: Int
  private let steps: Int
  private let rate: Double
  private let balance: Double
  private let every: Int
  private let unlearning: (steps: Int, rate: Double)
  public private(set) var roundTrigger: Trigger?

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    var problems: [ConfigurationError.Problem] = []
    let id = Self.manifest.id
    let poisoning = TriggerPoisoning(arguments, setup: setup, component: id, problems: &problems)
    optimization = TriggerOptimization(
      arguments, setup: setup, backdoor: poisoning?.backdoor, component: id, problems: &problems)
    if let problem = TriggerOptimization.problem(of: poisoning?.trigger, component: id) {
      problems.append(problem)
    }
    steps = arguments.integer("steps")
    rate = arguments.real("rate")
    balance = arguments.real("balance")
    every = arguments.integer("every")
    unlearning = (arguments.integer("unlearn-steps"), arguments.real("unlearn-rate"))
    featureCount = setup.shape.count
    guard let poisoning, problems.isEmpty else { throw ConfigurationError(problems) }
    self.poisoning = poisoning
    roundTrigger = poisoning.trigger
  }

  public var threatModel: ThreatModel { ThreatModel(surface: .data) }

  public var gradientCount: Int { optimization?.gradientCount ?? 0 }

  public var goal: AttackGoal { .backdoor(poisoning.backdoor) }

  public mutating func observe(_ broadcast: Broadcast) {
    guard broadcast.isActing, var optimization, var trigger = roundTrigger else { return }
    let global = broadcast.global
    var unlearned = global
    var weight = 0.0
    for step in 0..<steps {
      if step % every == 0 && balance > 0 {
        unlearned = optimization.unlearned(
          from: global, with: trigger, steps: unlearning.steps, rate: unlearning.rate)
        weight = balance * Self.cosine(unlearned, global)
      }
      var gradient = optimization.gradient(at: global, with: trigger)
      if weight != 0 {
        let other = optimization.gradient(at: unlearned, with: trigger)
        for index in gradient.indices { gradient[index] += weight * other[index] }
      }
      trigger = optimization.moved(trigger) { position, value in
        let slope = gradient[position]
        return slope == 0 ? value : value - (slope > 0 ? rate : -rate)
      }
    }
    roundTrigger = trigger
    self.optimization = optimization
  }

  /// The cosine of two models; 0 where one of them is zero.
  static func cosine(_ a: [Float], _ b: [Float]) -> Double {
    let norms = (Float.squaredNorm(a.span) * Float.squaredNorm(b.span)).squareRoot()
    return norms > 0 ? Float.dot(a.span, b.span) / norms : 0
  }

  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    optimization?.checkpoint(&pass)
    let count = featureCount
    roundTrigger?.checkpoint(&pass, featureCount: count)
  }

  public func poison(_ shard: inout Shard, of _: ClientID, random: inout RandomStream) {
    poisoning.poison(&shard, with: roundTrigger, random: &random)
  }
}
