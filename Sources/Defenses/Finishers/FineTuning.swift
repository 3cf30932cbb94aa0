public import Components
import Datasets
import Determinism
public import Federation
import Training

/// Trains the new global model on the server's root data at a rate that goes up and down: clipped
/// super-fine-tuning.
///
/// It is the removal of Hammer and Anvil, to be put behind a rule that keeps large deviations out.
/// Rates as high as `lr` unlearn what only poisoned examples hold up, low ones repair what that
/// broke. Each of the epochs starts a pass in a fresh order of the finisher's stream; plain
/// stochastic gradient descent, the last batch may be smaller. `clip` says what is shortened to
/// `bound`: the gradient of each step, as the authors have it, or the change of the model by the
/// whole run, which is then w + (v − w) · min(1, bound / ‖v − w‖) with v the result of the training;
/// norms in double precision, each parameter rounded once. With more root data the authors take a
/// smaller bound. Where training ends in values that are not finite, the model stays as it was.
///
/// The schedule starts anew in every run. `rounds` says when it runs: after each round, or after the
/// last one alone. As the model is changed before it is sent, clients start from the tuned one. In a
/// round without any finite update there is none.
///
/// - Complexity: `epochs` passes over the root data per run.
/// - Note: Fenaux, Wang, Yan, Chung, Kerschbaum, "Hammer and Anvil", 2025, with the schedule of Sha,
///   He, Berrang, Humbert, Zhang, 2022.
public struct FineTuning: ModelFinisher {
  public static let manifest = ComponentManifest(
    id: "fine-tune",
    summary: "Trains the global model on the server's root data at a cyclical learning rate.",
    formula: """
      in epoch e: w becomes w − η_e g · min(1, bound / ‖g‖) for each batch of the root data, with \
      η_e = base + (peak − base) (1 − |2 (e mod cycle) / cycle − 1|), peak = lr in the first \
      high-epochs, then low-lr; clip = change: g is not shortened, but the change of w by all epochs \
      is, to bound
      """,
    preconditions: ["root data of the server"],
    citations: [
      Citation(
        ["Fenaux", "Wang", "Yan", "Chung", "Kerschbaum"],
        "Hammer and Anvil: toward a theory of backdoors in federated learning", "arXiv", 2025,
        arXiv: "2509.08089"),
      Citation(
        ["Sha", "He", "Berrang", "Humbert", "Zhang"],
        "Fine-tuning is all you need to mitigate backdoor attacks", "arXiv", 2022,
        arXiv: "2212.09067"),
    ],
    origin: """
      The rates, 4 epochs a cycle, 10 epochs with the high peak, batches of 32 and the clipped gradient \
      are those of the authors' code for CIFAR-10, which fine-tunes for 100 epochs after the last round \
      (rounds = last) with a bound of 5 to 10 for 500 root examples and 1 to 2 for 2,000. One cycle \
      after each round is ours.
      """,
    parameters: [
      ParameterSpec(
        "epochs", .integer(1...1_000_000), default: .integer(4),
        help: "passes over the root data in a run"),
      ParameterSpec(
        "lr", .positive(), default: .real(0.1), help: "learning rate at the peaks that unlearn"),
      ParameterSpec(
        "low-lr", .positive(), default: .real(0.001), help: "learning rate at the peaks after that"),
      ParameterSpec(
        "base-lr", .positive(), default: .real(0.0003), help: "learning rate between the peaks"),
      ParameterSpec(
        "high-epochs", .integer(0...1_000_000), default: .integer(10),
        help: "epochs of a run before the peaks get low"),
      ParameterSpec(
        "cycle", .integer(1...1_000_000), default: .integer(4), help: "epochs from peak to peak"),
      ParameterSpec(
        "batch-size", .integer(1...1_000_000), default: .integer(32), help: "examples per step"),
      ParameterSpec(
        "bound", .positive(orWords: ["none"]), default: .real(5),
        help: "largest norm of what is clipped; none: nothing is"),
      ParameterSpec(
        "clip", .choice(["gradient", "change"]), default: .text("gradient"),
        help: "what is clipped: each step's gradient, or the change of the model by a run"),
      ParameterSpec(
        "rounds", .choice(["every", "last"]), default: .text("every"), help: "when it runs"),
    ])

  public static let needs: DefenseNeeds = [.rootData, .model]

  private let epochs: Int
  private let rate: SuperFineTuningRate
  private let batchSize: Int
  /// Infinite: nothing is clipped.
  private let bound: Double
  private let clipsChange: Bool
  /// `nil`: every round.
  private let onlyRound: Int?
  private let setup: DefenseSetup

  public init(_ arguments: Arguments, setup: DefenseSetup) throws(ConfigurationError) {
    epochs = arguments.integer("epochs")
    rate = SuperFineTuningRate(
      base: arguments.real("base-lr"), highPeak: arguments.real("lr"),
      lowPeak: arguments.real("low-lr"), highEpochs: arguments.integer("high-epochs"),
      cycle: arguments.integer("cycle"))
    batchSize = arguments.integer("batch-size")
    bound = arguments.number("bound") ?? .infinity
    clipsChange = arguments.word("clip") == "change"
    onlyRound = arguments.word("rounds") == "last" ? setup.roundCount - 1 : nil
    self.setup = setup
  }

  public mutating func finish(
    _ global: inout [Float], in round: RoundContext
  ) throws(DefenseError) {
    guard let model = setup.model, let root = setup.rootData, root.count > 0 else {
      throw .failed(
        component: Self.manifest.id, reason: "needs a model and root data; there is none here")
    }
    guard onlyRound == nil || round.round == onlyRound else { return }
    var trainer = LocalTrainer(model: model, batchSize: min(batchSize, root.count))
    var hook = GradientNormBound(bound: clipsChange ? .infinity : bound)
    var random = round.seed.stream()
    // The hook draws nothing.
    var unused = random
    var tuned = global
    for epoch in 0..<epochs {
      let schedule = LocalSchedule(
        length: .epochs(1), batchSize: batchSize, learningRate: Float(rate.rate(epoch: epoch)))
      trainer.train(
        from: tuned, inputs: root.inputs, labels: root.labels, schedule: schedule, hook: &hook,
        random: &random, hookRandom: &unused)
      tuned = trainer.parameters
    }
    guard tuned.allSatisfy(\.isFinite) else { return }
    global = clipsChange ? tuned.clipped(to: bound, from: global) : tuned
  }
}
