public import Components
import Datasets
public import Determinism
public import Federation
import Kernels
import Tensors
public import Training

/// Makes the model take a few chosen inputs for a class, by boosted steps between stealthy ones.
///
/// Each of `alternations` cycles takes `malicious-steps` on the chosen inputs with the label `target`,
/// whose increment is multiplied by gamma, then `stealth-steps` on the client's own clean data that
/// minimize L + rho · ‖X − G − δ‖. δ is the mean benign update of the round before, as a client can
/// estimate it: (w_t − w_(t−1)) / server rate. In the first round there is none, and no such term.
/// With `gamma: auto` it is participants / (server rate · controlled clients), so that all of them
/// together place their step in a plain average.
///
/// The inputs are test examples, drawn once per run from those of the class `source` (without one:
/// of all but the target); their success, and the confidence in the target, are measured on them.
///
/// - Complexity: alternations · (malicious-steps + stealth-steps) local steps, O(d) each besides.
/// - Note: Bhagoji, Chakraborty, Mittal, Calo, ICML 2019, section 4.3. Deviations: δ keeps the attackers'
///   own part in it; the length is in cycles, not in epochs. FLPoison measures the distance from w_t,
///   and without a gradient.
public struct AlternatingMinimization: Attack {
  public static let manifest = ComponentManifest(
    id: "alternating-minimization",
    summary: "Boosted steps towards a class for chosen inputs, between stealthy ones.",
    formula: """
      `alternations` times: X += gamma · (steps on L(targets)), then steps on L(own data) + \
      rho · ‖X − G − δ‖ with δ = (w_t − w_(t−1)) / server rate; Δ_a = X − G
      """,
    preconditions: [
      "target and source are different classes of the task", "local training (not FedSGD)",
      "gamma auto needs a server rate above 0",
    ],
    citations: [Citation.adversarialLens],
    origin: "The lengths of the phases are defaults of ours.",
    parameters: [
      ParameterSpec(
        "target", .integer(0...1_000_000), default: .plan(.backdoor("target")),
        help: "class that the chosen inputs should be taken for"),
      ParameterSpec(
        "source", .integer(0...1_000_000, orWords: ["none"]), default: .plan(.backdoor("source")),
        help: "class that they are of; none: all but the target"),
      ParameterSpec(
        "samples", .integer(1...1000), default: .integer(1), help: "number of chosen inputs"),
      BoostFactor.parameter(default: .text("auto")),
      ParameterSpec(
        "rho", .real(0 ... .greatestFiniteMagnitude), default: .real(1e-4),
        help: "weight of the distance from the mean benign update"),
      ParameterSpec(
        "alternations", .integer(1...1_000_000), default: .integer(5),
        help: "how often the phases follow each other"),
      ParameterSpec(
        "malicious-steps", .integer(1...1_000_000), default: .integer(1),
        help: "steps on the chosen inputs before the increment is boosted"),
      ParameterSpec(
        "stealth-steps", .integer(0...1_000_000), default: .integer(10),
        help: "steps on the client's own data after it"),
      ParameterSpec(
        "lr", .positive(orWords: ["honest"]), default: .text("honest"),
        help: "learning rate of the attacker's local training"),
    ])
  public static let tier = ThreatTier.ownKnowledge

  private let targets: TargetedExamples
  private let gamma: Double
  private let rho: Double
  private let cycleCount: Int
  private let maliciousSteps: Int
  private let stealthSteps: Int
  private let learningRate: Float?
  private let serverRate: Double
  private let parameterCount: Int
  private var direction = UpdateDirection()
  /// G + δ of the round; `nil` where δ is not known yet.
  private(set) var center: [Float]?

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    var problems: [ConfigurationError.Problem] = []
    let id = Self.manifest.id
    let targets = TargetedExamples(arguments, setup: setup, component: id, problems: &problems)
    let boost = BoostFactor(arguments, setup: setup, component: id, problems: &problems)
    if let problem = setup.localTrainingProblem(of: "alternating minimization", component: id) {
      problems.append(problem)
    }
    guard let targets, problems.isEmpty else { throw ConfigurationError(problems) }
    self.targets = targets
    serverRate = setup.serverRate
    parameterCount = setup.layout.count
    gamma =
      boost.value
      ?? Double(setup.participantCount) / (serverRate * Double(max(1, setup.controlled.count)))
    rho = arguments.real("rho")
    cycleCount = arguments.integer("alternations")
    maliciousSteps = arguments.integer("malicious-steps")
    stealthSteps = arguments.integer("stealth-steps")
    learningRate = arguments.number("lr").map { Float($0) }
  }

  public var threatModel: ThreatModel { ThreatModel(surface: .training) }

  public var goal: AttackGoal { .backdoor(targets.backdoor) }

  public mutating func observe(_ broadcast: Broadcast) {
    direction.observe(broadcast)
    center = direction.values.flatMap { step in
      guard serverRate > 0 else { return nil }
      return zip(broadcast.global, step).map { Float(Double($0) + Double($1) / serverRate) }
    }
  }

  /// The center is made in every round; without rho nobody looks at it.
  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    guard rho > 0 else { return }
    direction.checkpoint(&pass, parameterCount: parameterCount)
  }

  public func train(_ job: LocalJob, with trainer: inout LocalTrainer, random: inout RandomStream) {
    var malicious = job.schedule
    malicious.length = .steps(maliciousSteps)
    if let learningRate { malicious.learningRate = learningRate }
    var stealthy = malicious
    stealthy.length = .steps(stealthSteps)
    var start = job.global
    for _ in 0..<cycleCount {
      if targets.labelled.count > 0 {
        var hook = IncrementBoost(gamma, from: start, afterStep: maliciousSteps - 1)
        job.train(
          with: &trainer, from: start, on: targets.labelled, schedule: malicious, hook: &hook,
          random: &random)
        start = trainer.parameters
      }
      guard stealthSteps > 0 else { continue }
      if let center, rho > 0 {
        var hook = DistanceTerm(.norm, weight: rho, center: center)
        job.train(with: &trainer, from: start, schedule: stealthy, hook: &hook, random: &random)
      } else {
        var hook = NoHook()
        job.train(with: &trainer, from: start, schedule: stealthy, hook: &hook, random: &random)
      }
      start = trainer.parameters
    }
  }
}
