public import Components
public import Datasets
public import Determinism
public import Federation
import Kernels
import Tensors
public import Training

/// Trains on examples that a pattern is faintly mixed into, with the target label.
///
/// `pattern: noise` is one value per feature of the whole input, uniform in 0 ..< `value`, drawn once
/// per run; `pattern: trigger` is the trigger, whose features alone change. Success is measured on
/// examples with the same mixture. A ratio too small for one example poisons nothing, and a share of
/// 0 changes no input. Mixing before or after normalization is the same up to rounding.
///
/// - Complexity: O(examples + poisoned · features) once per client.
/// - Note: Chen, Liu, Li, Lu, Song 2017, section 4 (blended injection). Deviations: some examples of the
///   shard are changed, not added to it; the paper also tests with larger shares than it trains with.
public struct BlendedBackdoor: Attack {
  /// What is mixed into examples.
  enum Pattern: String, CaseIterable {
    case noise
    case trigger
  }

  public static let manifest = ComponentManifest(
    id: "blended",
    summary: "Trains on examples that a pattern is faintly mixed into, with the target label.",
    formula: """
      floor(ratio · m) of the client's m examples (of its source-class examples, if there is a \
      source) become (1 − share) · x + share · k and get the label `target`; k is uniform noise in \
      0 ..< value over all features, drawn once per run, or the trigger on its features
      """,
    preconditions: [
      "the trigger fits the input", "target and source are different classes of the task",
    ],
    citations: [
      Citation(
        ["Chen", "Liu", "Li", "Lu", "Song"],
        "Targeted backdoor attacks on deep learning systems using data poisoning", "arXiv", 2017,
        arXiv: "1712.05526")
    ],
    parameters: TriggerPoisoning.parameters + [
      ParameterSpec(
        "pattern", .choice(Pattern.allCases.map(\.rawValue)), default: .text("noise"),
        help: "what is mixed in: noise over the whole input, or the trigger"),
      ParameterSpec(
        "share", .real(0...1), default: .real(0.2),
        help: "how much of the pattern an example takes over"),
    ] + OwnSchedule.parameters)
  public static let tier = ThreatTier.dataOnly

  private let poisoning: TriggerPoisoning
  private let schedule: OwnSchedule

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    var problems: [ConfigurationError.Problem] = []
    let id = Self.manifest.id
    let poisoning = TriggerPoisoning(arguments, setup: setup, component: id, problems: &problems)
    schedule = OwnSchedule(arguments, setup: setup, component: id, problems: &problems)
    if setup.alphabet != nil {
      problems.append(
        .invalid(
          component: id, reason: "mixes values, and inputs are characters, which do not mix"))
    }
    guard let poisoning, problems.isEmpty else { throw ConfigurationError(problems) }
    let pattern =
      arguments.text("pattern") == Pattern.noise.rawValue
      ? Self.noise(upTo: arguments.real("value"), setup) : poisoning.trigger
    self.poisoning = poisoning.marking(with: pattern.blended(by: arguments.real("share")))
  }

  /// One value per feature; draws one after the other.
  private static func noise(upTo value: Double, _ setup: AttackSetup) -> Trigger {
    var random = setup.seed.child("blend").stream()
    return Trigger(
      positions: Array(0..<setup.shape.count),
      values: (0..<setup.shape.count).map { position in
        let raw = Float(value * random.unit())
        return setup.normalization?.value(raw, at: position) ?? raw
      })
  }

  public var threatModel: ThreatModel {
    ThreatModel(surface: schedule.isOwn ? [.data, .training] : .data)
  }

  public var goal: AttackGoal { .backdoor(poisoning.backdoor) }

  public func poisonRequest(of _: ClientID) -> PoisonRequest? { poisoning.request() }

  public func poison(_ shard: inout Shard, of _: ClientID, random: inout RandomStream) {
    poisoning.poison(&shard, random: &random)
  }

  public func train(_ job: LocalJob, with trainer: inout LocalTrainer, random: inout RandomStream) {
    job.train(with: &trainer, schedule: schedule.applied(to: job.schedule), random: &random)
  }
}
