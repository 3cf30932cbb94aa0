public import Components
public import Datasets
public import Determinism
public import Federation
import Tensors
import Training

/// Poisons data with a trigger that is chosen anew in each round: few pixels, those that the global
/// model is most sensitive to, with values that lead it to the target already.
///
/// A trigger that the global model all but obeys needs little change of the model, so that updates stay
/// close to honest ones. Clients train as told; only their data are changed, in each round with the
/// trigger of the round. The trigger starts as the scenario's, and stays as it was last where no
/// controlled client acts, or none has an example that counts.
///
/// - Complexity: steps + 1 passes over the samples, forward and back, per round with an attacker.
/// - Note: Zhang, Gong, Reiter, 2024. Deviations: values start at the mean of the examples; pixels of
///   several channels are chosen and set in all of them; a fixed part of the shard is poisoned, drawn
///   anew in each round.
public struct DPOT: Attack {
  public static let manifest = ComponentManifest(
    id: "dpot",
    summary: "Poisons data with a trigger of few pixels that is optimised anew in each round.",
    formula: """
      D: examples of all controlled clients that count for the attack success rate; \
      L(τ) = mean over D of the cross-entropy of w_t at τ(x) with the target as label; E = the `pixels` \
      pixels with the largest Σ over channels of |mean over D of ∂L/∂x|; V_0 = mean of D at E, \
      V ← clip(V − rate · ∂L/∂V, low, high), `steps` times; floor(ratio · m) of the m examples of a \
      client get V at E and the label `target`
      """,
    preconditions: [
      "target and source are different classes of the task", "pixels is at most those of the input",
    ],
    citations: [
      Citation(
        ["Zhang", "Gong", "Reiter"],
        "Concealing backdoor model updates in federated learning by trigger-optimized data"
          + " poisoning", "arXiv", 2024, arXiv: "2405.06206")
    ],
    origin: "The start of the values, and the defaults of steps and rate.",
    parameters: TriggerPoisoning.parameters + [
      ParameterSpec(
        "pixels", .integer(1...10_000_000, orWords: ["trigger"]), default: .text("trigger"),
        help: "pixels of the trigger; trigger: as many as the scenario's trigger has"),
      ParameterSpec(
        "steps", .integer(0...1_000_000), default: .integer(20),
        help: "steps of gradient descent on the values, in each round"),
      ParameterSpec("rate", .positive(), default: .real(1), help: "size of a step"),
    ] + TriggerOptimization.parameters)
  public static let tier = ThreatTier.dataOnly

  private let poisoning: TriggerPoisoning
  private var optimization: TriggerOptimization?
  private let featureCount: Int
  private let pixelCount: Int
  private let steps: Int
  private let rate: Double
  public private(set) var roundTrigger: Trigger?

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    var problems: [ConfigurationError.Problem] = []
    let id = Self.manifest.id
    let poisoning = TriggerPoisoning(arguments, setup: setup, component: id, problems: &problems)
    optimization = TriggerOptimization(
      arguments, setup: setup, backdoor: poisoning?.backdoor, component: id, problems: &problems)
    let known = setup.shape.count / setup.shape.channelCount
    pixelCount =
      arguments.wholeNumber("pixels") ?? poisoning?.trigger.pixelCount(on: setup.shape) ?? 1
    steps = arguments.integer("steps")
    rate = arguments.real("rate")
    if pixelCount > known {
      problems.append(
        .invalid(
          component: id, reason: "pixels, \(pixelCount), is more than the input has, \(known)"))
    }
    featureCount = setup.shape.count
    guard let poisoning, problems.isEmpty else { throw ConfigurationError(problems) }
    self.poisoning = poisoning
    roundTrigger = poisoning.trigger
  }

  public var threatModel: ThreatModel { ThreatModel(surface: .data) }

  public var gradientCount: Int { optimization?.gradientCount ?? 0 }

  public var goal: AttackGoal { .backdoor(poisoning.backdoor) }

  public mutating func observe(_ broadcast: Broadcast) {
    guard broadcast.isActing, var optimization else { return }
    let clean = Trigger(positions: [], values: [])
    let positions = optimization.positions(
      pixelCount, by: optimization.gradient(at: broadcast.global, with: clean))
    var trigger = optimization.meanTrigger(at: positions)
    for _ in 0..<steps {
      let gradient = optimization.gradient(at: broadcast.global, with: trigger)
      trigger = optimization.moved(trigger) { $1 - rate * gradient[$0] }
    }
    roundTrigger = trigger
    self.optimization = optimization
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
