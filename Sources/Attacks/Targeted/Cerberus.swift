public import Components
public import Datasets
public import Determinism
public import Federation
public import Kernels
public import Tensors
public import Training

/// Tunes the trigger to the global model, trains close to a benign model of its own, and keeps colluding
/// updates apart.
///
/// The trigger goes down the loss of the global model and stays in a ball around the scenario's; it
/// starts from the scenario's in every round. Each attacker trains twice: on its clean data, then on
/// the poisoned ones with a term that holds it near the first result and one that turns it away from
/// what the other attackers sent when they last acted. Rows are sent as they are trained.
///
/// Where no attacker has acted before, or all others sent zeros, there is no collusion term; one
/// attacker never has one.
///
/// - Complexity: steps + 1 passes over the samples, forward and back, per round with an attacker; twice the
///   honest training and O(f d) per local step; O(f d) memory.
/// - Note: Lyu et al., AAAI 2023. Deviations: cosines are taken to the other attackers' last updates,
///   since attackers train side by side, where the authors' code trains them one after the other; all use
///   the whole trigger, not a part each.
public struct Cerberus: Attack {
  public static let manifest = ComponentManifest(
    id: "cerberus",
    summary: "Tunes the trigger, trains near a benign model, and keeps colluding updates apart.",
    formula: """
      V_0: the scenario's trigger; V ← V − rate · ∂L(w_t; τ)/∂V, clipped to low ... high, then to the ball \
      ‖V − V_0‖ ≤ radius, `steps` times, with L the mean cross-entropy with the target as label over \
      examples of all controlled clients; b: trained on clean data; X minimises the loss on poisoned \
      data + alpha · ‖w − b‖ + beta · Σ_j cos(w − G, Δ_j) over the other attackers' last updates Δ_j; \
      Δ_a = X − G
      """,
    preconditions: [
      "the trigger fits the input and sets the same features of all examples",
      "target and source are different classes of the task", "local training (not FedSGD)",
    ],
    citations: [
      Citation(
        ["Lyu", "Han", "Wang", "Liu", "Wang", "Liu", "Zhang"],
        "Poisoning with Cerberus: stealthy and colluded backdoor attack against federated learning",
        "AAAI", 2023, doi: "10.1609/aaai.v37i7.26083")
    ],
    origin: "The defaults, which suit small models.",
    parameters: TriggerPoisoning.parameters + [
      ParameterSpec(
        "steps", .integer(0...1_000_000), default: .integer(10),
        help: "steps on the values of the trigger, in each round"),
      ParameterSpec("rate", .positive(), default: .real(0.5), help: "size of such a step"),
      ParameterSpec(
        "radius", .real(0...1e6), default: .real(1),
        help: "largest distance of the trigger from the scenario's, as the model sees them"),
      ParameterSpec(
        "alpha", .real(0...1e6), default: .real(0.1),
        help: "weight of the distance to the own benign model; 0: it is not trained"),
      ParameterSpec(
        "beta", .real(0...1e6), default: .real(0.1),
        help: "weight of the cosines to the other attackers' last updates"),
    ] + TriggerOptimization.parameters + OwnSchedule.parameters)
  public static let tier = ThreatTier.ownKnowledge

  private let poisoning: TriggerPoisoning
  private var optimization: TriggerOptimization?
  private let featureCount: Int
  private let parameterCount: Int
  private let schedule: OwnSchedule
  private let controlled: [ClientID]
  private let clean: [ClientID: Shard]
  private let steps: Int
  private let rate: Double
  private let radius: Double
  private let alpha: Double
  private let beta: Double
  /// What each attacker sent when it last acted, ascending.
  private var sent: [(client: ClientID, update: [Float])] = []
  public private(set) var roundTrigger: Trigger?

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    var problems: [ConfigurationError.Problem] = []
    let id = Self.manifest.id
    let poisoning = TriggerPoisoning(arguments, setup: setup, component: id, problems: &problems)
    optimization = TriggerOptimization(
      arguments, setup: setup, backdoor: poisoning?.backdoor, component: id, problems: &problems)
    schedule = OwnSchedule(arguments, setup: setup, component: id, problems: &problems)
    problems += [
      TriggerOptimization.problem(of: poisoning?.trigger, component: id),
      setup.localTrainingProblem(of: "a term of the loss", component: id),
    ].compactMap { $0 }
    controlled = setup.controlled
    clean = Dictionary(
      zip(setup.controlled, setup.shards), uniquingKeysWith: { first, _ in first })
    steps = arguments.integer("steps")
    rate = arguments.real("rate")
    radius = arguments.real("radius")
    alpha = arguments.real("alpha")
    beta = arguments.real("beta")
    featureCount = setup.shape.count
    parameterCount = setup.layout.count
    guard let poisoning, problems.isEmpty else { throw ConfigurationError(problems) }
    self.poisoning = poisoning
    roundTrigger = poisoning.trigger
  }

  public var threatModel: ThreatModel {
    // It looks at what the attackers send, and leaves it as it is.
    ThreatModel(surface: beta == 0 ? [.data, .training] : [.data, .training, .update])
  }

  public var gradientCount: Int { optimization?.gradientCount ?? 0 }

  public var goal: AttackGoal { .backdoor(poisoning.backdoor) }

  public mutating func observe(_ broadcast: Broadcast) {
    guard broadcast.isActing, var optimization else { return }
    var trigger = poisoning.trigger
    for _ in 0..<steps {
      let gradient = optimization.gradient(at: broadcast.global, with: trigger)
      trigger = optimization.moved(trigger) { $1 - rate * gradient[$0] }
        .drawn(towards: poisoning.trigger, within: radius)
    }
    roundTrigger = trigger
    self.optimization = optimization
  }

  public mutating func checkpoint(_ pass: inout CheckpointPass) {
    optimization?.checkpoint(&pass)
    let count = featureCount
    roundTrigger?.checkpoint(&pass, featureCount: count)
    guard beta != 0 else { return }
    pass.visit(&sent, from: (client: ClientID(0), update: [])) {
      [controlled, parameterCount] pass, last in
      pass.visit(&last.client, of: controlled)
      pass.visit(&last.update, count: parameterCount)
    }
  }

  public func poison(_ shard: inout Shard, of _: ClientID, random: inout RandomStream) {
    poisoning.poison(&shard, with: roundTrigger, random: &random)
  }

  public func train(_ job: LocalJob, with trainer: inout LocalTrainer, random: inout RandomStream) {
    var benign: [Float] = []
    if alpha != 0, let clean = clean[job.client] {
      var order = job.seed.child("benign").stream()
      var hook = NoHook()
      job.train(with: &trainer, on: clean, hook: &hook, random: &order)
      benign = trainer.parameters
    }
    var term = CollusionTerm(
      benign: benign, others: sent.filter { $0.client != job.client }.map { $0.update },
      alpha: alpha, beta: beta)
    job.train(
      with: &trainer, schedule: schedule.applied(to: job.schedule), hook: &term, random: &random)
  }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    guard beta != 0 else { return [:] }
    sent.removeAll { view.clients.contains($0.client) }
    sent += zip(view.clients, 0..<rows.rowCount).map { (client: $0, update: rows.row($1)) }
    sent.sort { $0.client < $1.client }
    return [:]
  }
}

extension Trigger {
  /// The trigger, at most so far from another one with the same features, on the way to it.
  func drawn(towards center: Trigger, within radius: Double) -> Trigger {
    let square = zip(values, center.values).reduce(0.0) {
      $0 + (Double($1.0) - Double($1.1)) * (Double($1.0) - Double($1.1))
    }
    let distance = square.squareRoot()
    guard distance > radius else { return self }
    let factor = radius / distance
    return Trigger(
      positions: positions,
      values: zip(values, center.values).map {
        Float(Double($1) + factor * (Double($0) - Double($1)))
      })
  }
}
