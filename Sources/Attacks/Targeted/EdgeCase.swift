public import Components
public import Datasets
public import Determinism
public import Federation
public import Kernels
public import Tensors
public import Training

/// Teaches the model a wrong class for rare inputs, which honest clients hardly hold.
///
/// The scenario gives the attacker examples from the edge of the distribution, labelled by what they
/// are, and others of the same kind to measure success on. They replace a part of each controlled
/// client's examples, with the label `target`; ones that are of that class anyway are left out.
/// `threat.auxiliary.kind` says where they come from: examples of the data at hand in places of low
/// density, reflected ones, or files.
///
/// `black-box` trains honestly on that, `pgd` in a ball around the global model, and `pgd-replacement`
/// besides boosts what it sends; the resolved factor is recorded as `gamma`.
///
/// - Complexity: O(examples) once per client, O(d) per local step with a ball, O(f d) per round with
///   a boost.
/// - Note: Wang et al., NeurIPS 2020. Deviations: edge examples replace others instead of being added,
///   so that a client weighs in an average what it would without them; a fixed mix, drawn once. The paper
///   calls inputs x with P(x) <= p edge cases and takes them from other data (sevens of ARDIS, aircraft of
///   Southwest), and estimates P with a mixture of Gaussians over a network's features;
///   `threat.auxiliary.kind: low-density` takes the `train + test` examples of a class with the largest
///   mean distance to their nearest neighbors in the training data, which needs no network.
public struct EdgeCase: Attack {
  /// How far the attacker goes.
  enum Mode: String, CaseIterable {
    case blackBox = "black-box"
    case projected = "pgd"
    case replacement = "pgd-replacement"
  }

  public static let manifest = ComponentManifest(
    id: "edge-case",
    summary: "Teaches a wrong class for rare inputs from outside data.",
    formula: """
      floor(ratio · m) of the client's m examples are replaced by edge examples with the label \
      `target`; pgd: ‖X − G‖ <= radius after each local step; pgd-replacement: Δ_a = gamma · (X − G)
      """,
    preconditions: [
      "the scenario has outside examples (threat.auxiliary: reflected, low-density or folder)",
      "target is a class of the task",
      "pgd and pgd-replacement: a radius, and local training (not FedSGD)",
    ],
    citations: [Citation.attackOfTheTails],
    origin: """
      threat.auxiliary.kind: folder reads a set such as ARDIS, as the paper has it; low-density and \
      reflected make edge examples of the data at hand, for which there is no such set.
      """,
    parameters: [
      ParameterSpec(
        "mode", .choice(Mode.allCases.map(\.rawValue)), default: .text("black-box"),
        help: "what the attacker does besides training on edge examples"),
      ParameterSpec(
        "target", .integer(0...1_000_000), default: .plan(.backdoor("target")),
        help: "class that edge examples should be taken for"),
      ParameterSpec(
        "ratio", .real(0...1), default: .real(0.3),
        help: "share of the client's examples that edge examples replace"),
      ParameterSpec(
        "radius", .positive(orWords: ["none"]), default: .text("none"),
        help: "largest distance of local from global parameters; only for the pgd modes"),
      ParameterSpec(
        "gamma", .positive(orWords: ["auto"]), default: .text("auto"),
        help: "factor of the sent update of pgd-replacement; auto replaces the model"),
    ] + OwnSchedule.parameters)
  public static let tier = ThreatTier.dataOnly

  private let mode: Mode
  private let poisoning: ExamplePoisoning
  private let schedule: OwnSchedule
  private let boost: BoostFactor
  /// `nil` under `black-box`.
  private let radius: Double?

  public init(_ arguments: Arguments, setup: AttackSetup) throws(ConfigurationError) {
    var problems: [ConfigurationError.Problem] = []
    let id = Self.manifest.id
    let mode = Mode(rawValue: arguments.text("mode")) ?? .blackBox
    self.mode = mode
    let poisoning = ExamplePoisoning(arguments, setup: setup, component: id, problems: &problems)
    schedule = OwnSchedule(arguments, setup: setup, component: id, problems: &problems)
    boost =
      mode == .replacement
      ? BoostFactor(arguments, setup: setup, component: id, problems: &problems) : BoostFactor(1)
    radius = mode == .blackBox ? nil : arguments.number("radius")
    if mode != .blackBox {
      if radius == nil {
        problems.append(
          .invalid(component: id, reason: "mode \(mode.rawValue) needs a radius"))
      }
      if let problem = setup.localTrainingProblem(of: "mode \(mode.rawValue)", component: id) {
        problems.append(problem)
      }
    }
    guard let poisoning, problems.isEmpty else { throw ConfigurationError(problems) }
    self.poisoning = poisoning
  }

  public var threatModel: ThreatModel {
    var surface = ThreatModel.Surface.data
    if schedule.isOwn || radius != nil { surface.insert(.training) }
    if mode == .replacement { surface.insert(.update) }
    return ThreatModel(surface: surface)
  }

  public var goal: AttackGoal { .backdoor(poisoning.backdoor) }

  public func poison(_ shard: inout Shard, of _: ClientID, random: inout RandomStream) {
    poisoning.poison(&shard, random: &random)
  }

  public func train(_ job: LocalJob, with trainer: inout LocalTrainer, random: inout RandomStream) {
    let schedule = schedule.applied(to: job.schedule)
    if let radius {
      var hook = BallProjection(radius: radius)
      job.train(with: &trainer, schedule: schedule, hook: &hook, random: &random)
    } else {
      job.train(with: &trainer, schedule: schedule, random: &random)
    }
  }

  public mutating func craft(
    _ rows: inout Matrix<Float>, _ view: AttackerView, random _: inout RandomStream
  ) -> [String: Double] {
    mode == .replacement ? boost.apply(to: &rows, view, as: "gamma") : [:]
  }
}
