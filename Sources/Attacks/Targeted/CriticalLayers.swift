public import Components
public import Datasets
public import Determinism
public import Federation
import Kernels
import Tensors
public import Training

/// Sends its honest update, but for the few layers that carry the backdoor.
///
/// Each attacker trains twice from the global model: B on its clean data, in the order of an honest
/// client, and M on the poisoned data. Layers of M are put into B and the other way round to find the
/// critical ones (``LayerSubstitution``), by how many of its own examples succeed when they are marked.
/// `poison` sends the malicious layers there, `flip` those turned round at the global model.
///
/// Where no example counts, or the malicious model has no success, no layer is critical, and what is sent
/// is what an honest client would send.
///
/// - Complexity: two trainings, up to 2 L + 1 passes forward over the samples for L layers, three of which
///   count as one gradient, and O(L d); memory O(d) per thread.
/// - Note: Zhuang et al., ICLR 2024, and its code, layer-wise poisoning and flipping. Deviations: the
///   analysis looks at the two models that are sent, as the code does in its local mode, where the paper
///   trains two more models; it takes marked examples of the data that were trained on, where the authors
///   set a quarter apart; the rest is the attacker's own benign model, not the mean of all attackers', and
///   nobody rehearses the defense to leave layers out.
public struct CriticalLayers: Attack {
  /// What becomes of critical layers.
  enum Mode: String, CaseIterable {
    case poison
    case flip
  }

  public static let manifest = ComponentManifest(
    id: "critical-layers",
    summary: "Poisons only the layers that carry the backdoor, and is honest in all others.",
    formula: """
      B: trained on clean data, M: on poisoned data, both from G; layers are ranked by how few marked \
      examples M still takes for the target with that layer of B (fewest first), and put from M into B \
      in this order until B takes tau times as many for it as M does: the critical layers C; Δ_a = \
      lambda · (M − G) + max(0, 1 − lambda) · (B − G) in C, or −lambda · (M − G) with mode flip; \
      B − G elsewhere
      """,
    preconditions: [
      "the trigger fits the input", "target and source are different classes of the task",
      "local training (not FedSGD)",
    ],
    citations: [
      Citation(
        ["Zhuang", "Yu", "Wang", "Hua", "Li", "Yuan"],
        "Backdoor federated learning by poisoning backdoor-critical layers", "ICLR", 2024,
        arXiv: "2308.04466")
    ],
    origin: "tau is that of the authors' code for its adaptive mode.",
    parameters: TriggerPoisoning.parameters + [
      ParameterSpec(
        "mode", .choice(Mode.allCases.map(\.rawValue)), default: .text(Mode.poison.rawValue),
        help: "what is sent of critical layers: the malicious update, or its opposite"),
      ParameterSpec(
        "tau", .real(0...1), default: .real(0.95),
        help: "share of the malicious model's successes that the critical layers have to bring"),
      ParameterSpec(
        "lambda", .real(0...1e6), default: .real(1),
        help: "factor of the malicious update in critical layers; below 1 the benign one fills up"),
      ParameterSpec(
        "unit", .choice(LayerSubstitution.Unit.allCases.map(\.rawValue)),
        default: .text(LayerSubstitution.Unit.tensor.rawValue),
        help: "what counts as a layer: each weight and each bias, as the authors have it, or both "
          + "together"),
      ParameterSpec(
        "samples", .integer(1...1_000_000), default: .integer(256),
        help: "examples of its own that an attacker looks for critical layers with, at most"),
    ] + OwnSchedule.parameters)
  public static let tier = ThreatTier.ownKnowledge

  private let poisoning: TriggerPoisoning
  private let schedule: OwnSchedule
  private let substitution: LayerSubstitution
  private let clean: [ClientID: Shard]
  private let mode: Mode
  private let tau: Double
  private let lambda: Double
  private let sampleCount: Int

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    var problems: [ConfigurationError.Problem] = []
    let id = Self.manifest.id
    let poisoning = TriggerPoisoning(arguments, setup: setup, component: id, problems: &problems)
    schedule = OwnSchedule(arguments, setup: setup, component: id, problems: &problems)
    if let problem = setup.localTrainingProblem(of: "a second model", component: id) {
      problems.append(problem)
    }
    substitution = LayerSubstitution(
      setup.layout, unit: LayerSubstitution.Unit(rawValue: arguments.text("unit")) ?? .tensor)
    clean = Dictionary(
      zip(setup.controlled, setup.shards), uniquingKeysWith: { first, _ in first })
    mode = Mode(rawValue: arguments.text("mode")) ?? .poison
    tau = arguments.real("tau")
    lambda = arguments.real("lambda")
    sampleCount = arguments.integer("samples")
    guard let poisoning, problems.isEmpty else { throw ConfigurationError(problems) }
    self.poisoning = poisoning
  }

  public var threatModel: ThreatModel { ThreatModel(surface: [.data, .training]) }

  public var goal: AttackGoal { .backdoor(poisoning.backdoor) }

  public func poison(_ shard: inout Shard, of _: ClientID, random: inout RandomStream) {
    poisoning.poison(&shard, random: &random)
  }

  public func train(_ job: LocalJob, with trainer: inout LocalTrainer, random: inout RandomStream) {
    let clean = clean[job.client] ?? job.shard
    var hook = NoHook()
    job.train(with: &trainer, on: clean, hook: &hook, random: &random)
    let benign = trainer.parameters
    var order = job.seed.child("malicious").stream()
    job.train(
      with: &trainer, schedule: schedule.applied(to: job.schedule), hook: &hook, random: &order)
    let malicious = trainer.parameters
    let critical = critical(benign, malicious, on: clean, by: &trainer, seed: job.seed)
    trainer.adopt(sent(benign, malicious, job.global, critical: critical), of: job)
  }

  private func critical(
    _ benign: [Float], _ malicious: [Float], on clean: Shard, by trainer: inout LocalTrainer,
    seed: SeedPath
  ) -> [Int] {
    var random = seed.child("layers").stream()
    guard
      var hits = TriggeredHits(
        of: clean, for: poisoning.backdoor, limit: sampleCount, model: trainer.model,
        random: &random)
    else { return [] }
    defer { trainer.note(forwardPasses: hits.passCount) }
    return substitution.critical(benign: benign, malicious: malicious, share: tau) {
      hits.count(at: $0)
    }
  }

  /// The local model whose difference from the global one is sent; each value is rounded once.
  func sent(
    _ benign: [Float], _ malicious: [Float], _ global: [Float], critical: [Int]
  ) -> [Float] {
    var sent = benign
    let factor = mode == .flip ? -lambda : lambda
    let rest = mode == .flip ? 0 : max(0, 1 - lambda)
    for layer in critical {
      for index in substitution.layers[layer] {
        let center = Double(global[index])
        sent[index] = Float(
          center + factor * (Double(malicious[index]) - center)
            + rest * (Double(benign[index]) - center))
      }
    }
    return sent
  }
}

extension LocalTrainer {
  /// Takes given parameters for its result, as if training had led to them.
  mutating func adopt(_ parameters: [Float], of job: LocalJob) {
    var schedule = job.schedule
    schedule.length = .steps(0)
    var unused = job.seed.child("adopted").stream()
    train(
      from: parameters, inputs: job.shard.inputs, labels: job.shard.labels, schedule: schedule,
      random: &unused)
  }
}
